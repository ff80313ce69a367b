// What a module consists of, as plain data: written once when the module is built, read by every call.

export interface TypeDef {
  kind: string
  name?: string
  typeDef?: TypeDef
}

export interface Location {
  filepath: string
  line: number
  column: number
}

interface Described {
  name: string
  description?: string
  deprecated?: string
  location?: Location
}

export interface Argument extends Described {
  type: TypeDef
  isVariadic: boolean
  isNullable: boolean
  isOptional: boolean
  defaultValue?: unknown
  defaultPath?: string
  defaultAddress?: string
  ignore?: string[]
}

export interface FunctionDescription extends Described {
  alias?: string
  cache?: string
  isCheck?: boolean
  isGenerator?: boolean
  returnType: TypeDef
  arguments: Argument[]
}

export interface Property extends Described {
  alias?: string
  isExposed: boolean
  type: TypeDef
}

export interface ObjectDescription extends Described {
  /** A decorated class, or a type alias whose values are plain objects. */
  kind: "class" | "object"
  constructorArguments?: Argument[]
  methods: FunctionDescription[]
  properties: Property[]
}

export interface EnumMember extends Described {
  value: unknown
}

export interface EnumDescription extends Described {
  members: EnumMember[]
}

export interface InterfaceDescription extends Described {
  functions: FunctionDescription[]
}

export interface ModuleDescription {
  name: string
  description?: string
  objects: ObjectDescription[]
  enums: EnumDescription[]
  interfaces: InterfaceDescription[]
}
