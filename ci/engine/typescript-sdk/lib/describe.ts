import type {
  Argument,
  EnumDescription,
  FunctionDescription,
  InterfaceDescription,
  Location,
  ModuleDescription,
  ObjectDescription,
  Property,
} from "./description.ts"

type Named<T> = Record<string, T>
type Scanned<T, Replaced extends keyof T = never> = Omit<T, "location" | Replaced> & {
  getLocation(): Location
}
type ScannedArgument = Scanned<Argument>
type ScannedProperty = Scanned<Property>
type ScannedFunction = Scanned<FunctionDescription, "arguments"> & { arguments: Named<ScannedArgument> }
type ScannedObject = Scanned<ObjectDescription, "kind" | "methods" | "properties"> & {
  kind(): ObjectDescription["kind"]
  _constructor?: { arguments: Named<ScannedArgument> }
  methods?: Named<ScannedFunction>
  properties: Named<ScannedProperty>
}
type ScannedEnum = Scanned<EnumDescription, "members"> & {
  values: Named<Scanned<EnumDescription["members"][number]>>
}
type ScannedInterface = Scanned<InterfaceDescription, "functions"> & { functions: Named<ScannedFunction> }

/** The SDK's result of scanning a module: objects that hold on to the syntax tree they were read from. */
export interface ScannedModule {
  name: string
  description?: string
  objects: Named<ScannedObject>
  enums: Named<ScannedEnum>
  interfaces: Named<ScannedInterface>
}

/** Takes from the scanned module what calls and registration need, and leaves the syntax tree behind. */
export function describe(module: ScannedModule): ModuleDescription {
  return plain({
    name: module.name,
    description: module.description,
    objects: Object.values(module.objects).map(describeObject),
    enums: Object.values(module.enums).map(describeEnum),
    interfaces: Object.values(module.interfaces).map(describeInterface),
  }) as ModuleDescription
}

function describeObject(object: ScannedObject) {
  return {
    ...common(object),
    kind: object.kind(),
    constructorArguments: object._constructor && describeArguments(object._constructor.arguments),
    methods: Object.values(object.methods ?? {}).map(describeFunction),
    properties: Object.values(object.properties).map(property => ({
      ...common(property),
      alias: property.alias,
      isExposed: property.isExposed,
      type: property.type,
    })),
  }
}

function describeFunction(fn: ScannedFunction) {
  const { alias, cache, isCheck, isGenerator, returnType } = fn
  return {
    ...common(fn),
    alias,
    cache,
    isCheck,
    isGenerator,
    returnType,
    arguments: describeArguments(fn.arguments),
  }
}

function describeArguments(args: Named<ScannedArgument>) {
  return Object.values(args).map(arg => {
    const { type, isVariadic, isNullable, isOptional, defaultValue, defaultPath, defaultAddress, ignore } =
      arg
    return {
      ...common(arg),
      type,
      isVariadic,
      isNullable,
      isOptional,
      defaultValue,
      defaultPath,
      defaultAddress,
      ignore,
    }
  })
}

function describeEnum(enumeration: ScannedEnum) {
  const members = Object.values(enumeration.values).map(member => ({
    ...common(member),
    value: member.value,
  }))
  return { ...common(enumeration), members }
}

function describeInterface(declared: ScannedInterface) {
  return { ...common(declared), functions: Object.values(declared.functions).map(describeFunction) }
}

function common(node: { name: string; description?: string; deprecated?: string; getLocation(): Location }) {
  const { name, description, deprecated } = node
  return { name, description, deprecated, location: node.getLocation() }
}

/** Drops what is undefined, as it will be once the description has been a file. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
