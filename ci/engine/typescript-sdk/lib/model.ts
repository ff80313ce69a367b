import type {
  Argument,
  EnumDescription,
  EnumMember,
  FunctionDescription,
  InterfaceDescription,
  ModuleDescription,
  ObjectDescription,
  Property,
  TypeDef,
} from "./description.ts"

// The classes that the SDK's invocation code looks for, filled from a description instead of a syntax tree.
// Their names are the SDK's: it tells objects and enums apart by class.

class Callable {
  readonly name: string
  readonly returnType: TypeDef | undefined
  readonly arguments: Record<string, Argument>

  constructor(name: string, args: Argument[], returnType?: TypeDef) {
    this.name = name
    this.returnType = returnType
    this.arguments = Object.fromEntries(args.map(arg => [arg.name, arg]))
  }

  getArgsOrder(): string[] {
    return Object.keys(this.arguments)
  }
}

export class DaggerTypeObject {
  readonly name: string
  readonly _constructor: Callable
  readonly methods: Record<string, Callable>
  readonly properties: Record<string, Property>

  constructor(object: ObjectDescription) {
    this.name = object.name
    this._constructor = new Callable("", object.constructorArguments ?? [])
    this.methods = callables(object.methods)
    this.properties = Object.fromEntries(
      object.properties.map(property => [property.alias ?? property.name, property]),
    )
  }

  kind(): ObjectDescription["kind"] {
    return "object"
  }
}

export class DaggerObject extends DaggerTypeObject {
  override kind(): ObjectDescription["kind"] {
    return "class"
  }
}

export class DaggerEnum {
  readonly name: string
  readonly values: Record<string, EnumMember>

  constructor(enumeration: EnumDescription) {
    this.name = enumeration.name
    this.values = Object.fromEntries(enumeration.members.map(member => [member.name, member]))
  }
}

/** Enums written as a class behave like the others once they are described. */
export class DaggerEnumClass extends DaggerEnum {}

class DaggerInterface {
  readonly name: string
  readonly functions: Record<string, Callable>

  constructor(declared: InterfaceDescription) {
    this.name = declared.name
    this.functions = callables(declared.functions)
  }
}

/** A module as the SDK's `invoke` and `Executor` expect it. */
export function revive(module: ModuleDescription) {
  return {
    name: module.name,
    objects: named(
      module.objects.map(o => (o.kind === "class" ? new DaggerObject(o) : new DaggerTypeObject(o))),
    ),
    enums: named(module.enums.map(e => new DaggerEnum(e))),
    interfaces: named(module.interfaces.map(i => new DaggerInterface(i))),
  }
}

function callables(functions: FunctionDescription[]): Record<string, Callable> {
  return Object.fromEntries(
    functions.map(f => [f.alias ?? f.name, new Callable(f.name, f.arguments, f.returnType)]),
  )
}

function named<T extends { name: string }>(things: T[]): Record<string, T> {
  return Object.fromEntries(things.map(thing => [thing.name, thing]))
}
