import { dag, func, object } from "@dagger.io/dagger"

@object()
export class Dependent {
  @func()
  async hello(): Promise<string> {
    return dag.everyFeature({ tone: "distant" }).hello({ name: "neighbour" })
  }

  @func()
  async nameThroughInterface(name: string): Promise<string> {
    const greeting = dag.everyFeature().greeting(name).asEveryFeatureNamed()
    return dag.everyFeature().arguments().nameOf(greeting)
  }
}
