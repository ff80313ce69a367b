import type {
  Argument,
  EnumDescription,
  FunctionDescription,
  InterfaceDescription,
  Location,
  ModuleDescription,
  ObjectDescription,
  TypeDef,
} from "./description.ts"
import type { GraphQLClient } from "./graphql.ts"
import { Chain, resolve, Word } from "./query.ts"

/** Tells the engine what the module consists of; answers with the ID of the module that this makes. */
export function register(client: GraphQLClient, module: ModuleDescription): Promise<string> {
  return resolve(client, moduleChain(module))
}

function moduleChain(module: ModuleDescription): Chain {
  let chain = new Chain().call("module")
  if (module.description) chain = chain.call("withDescription", { description: module.description })
  for (const object of module.objects)
    chain = chain.call("withObject", { object: objectChain(object, module) })
  for (const enumeration of module.enums) chain = chain.call("withEnum", { enum: enumChain(enumeration) })
  for (const declared of module.interfaces) {
    chain = chain.call("withInterface", { iface: interfaceChain(declared, module) })
  }
  return chain
}

function objectChain(object: ObjectDescription, module: ModuleDescription): Chain {
  let chain = typeDef().call("withObject", { name: object.name, ...about(object) })
  for (const method of object.methods)
    chain = chain.call("withFunction", { function: functionChain(method, module) })
  for (const field of object.properties.filter(property => property.isExposed)) {
    chain = chain.call("withField", {
      name: field.alias ?? field.name,
      typeDef: typeChain(field.type),
      ...about(field),
    })
  }
  if (!object.constructorArguments) return chain
  const made = typeChain({ kind: "OBJECT_KIND", name: object.name })
  const start = new Chain().call("function", { name: "", returnType: made })
  return chain.call("withConstructor", {
    function: withArguments(start, object.constructorArguments, module),
  })
}

function enumChain(enumeration: EnumDescription): Chain {
  let chain = typeDef().call("withEnum", { name: enumeration.name, ...about(enumeration) })
  for (const member of enumeration.members) {
    chain = chain.call("withEnumMember", { name: member.name, value: String(member.value), ...about(member) })
  }
  return chain
}

function interfaceChain(declared: InterfaceDescription, module: ModuleDescription): Chain {
  let chain = typeDef().call("withInterface", { name: declared.name, description: declared.description })
  for (const fn of declared.functions)
    chain = chain.call("withFunction", { function: functionChain(fn, module) })
  return chain
}

function functionChain(fn: FunctionDescription, module: ModuleDescription): Chain {
  let chain = new Chain()
    .call("function", { name: fn.alias ?? fn.name, returnType: typeChain(fn.returnType) })
    .call("withDescription", { description: fn.description ?? "" })
  if (fn.location) chain = chain.call("withSourceMap", { sourceMap: locationChain(fn.location) })
  chain = withArguments(chain, fn.arguments, module)
  if (fn.cache) chain = chain.call("withCachePolicy", cachePolicy(fn.cache))
  if (fn.deprecated !== undefined) chain = chain.call("withDeprecated", { reason: fn.deprecated })
  if (fn.isCheck) chain = chain.call("withCheck")
  return fn.isGenerator ? chain.call("withGenerator") : chain
}

function withArguments(chain: Chain, args: Argument[], module: ModuleDescription): Chain {
  return args.reduce((fn, arg) => {
    if ([arg.defaultValue, arg.defaultPath, arg.defaultAddress].filter(Boolean).length > 1) {
      throw new Error(`argument ${arg.name}: cannot set multiple defaults`)
    }
    const value = defaultValue(arg, module)
    const { name, defaultPath, defaultAddress, ignore } = arg
    // A default that the engine cannot know (an object, say) is left to the function: the argument is optional.
    const optional = arg.isOptional || (arg.defaultValue !== undefined && value === undefined)
    const type = typeChain(arg.type)
    return fn.call("withArg", {
      name,
      typeDef: optional ? type.call("withOptional", { optional: true }) : type,
      defaultValue: value === undefined ? undefined : JSON.stringify(value),
      defaultPath,
      defaultAddress,
      ignore,
      ...about(arg),
    })
  }, chain)
}

const PRIMITIVES = ["BOOLEAN_KIND", "INTEGER_KIND", "STRING_KIND", "FLOAT_KIND"]

function defaultValue(arg: Argument, module: ModuleDescription): unknown {
  if (PRIMITIVES.includes(arg.type.kind)) return arg.defaultValue
  if (arg.type.kind !== "ENUM_KIND" || arg.defaultValue === undefined) return undefined
  const enumeration = module.enums.find(candidate => candidate.name === arg.type.name)
  // The engine knows a module's enum by the names of its members, and its own enums by their values.
  if (!enumeration) return arg.defaultValue
  const member = enumeration.members.find(candidate => candidate.value === arg.defaultValue)
  if (!member)
    throw new Error(`argument ${arg.name}: '${arg.defaultValue}' is not a member of ${arg.type.name}`)
  return member.name
}

function typeChain(type: TypeDef): Chain {
  const { kind, name } = type
  if (kind === "LIST_KIND" && type.typeDef)
    return typeDef().call("withListOf", { elementType: typeChain(type.typeDef) })
  if (kind === "OBJECT_KIND") return typeDef().call("withObject", { name })
  if (kind === "SCALAR_KIND") return typeDef().call("withScalar", { name })
  if (kind === "ENUM_KIND") return typeDef().call("withEnum", { name })
  if (kind === "INTERFACE_KIND") return typeDef().call("withInterface", { name })
  const primitive = typeDef().call("withKind", { kind: new Word(kind) })
  return kind === "VOID_KIND" ? primitive.call("withOptional", { optional: true }) : primitive
}

function typeDef(): Chain {
  return new Chain().call("typeDef")
}

function about(thing: { description?: string; deprecated?: string; location?: Location }) {
  const { description, deprecated, location } = thing
  return { description, deprecated, sourceMap: location && locationChain(location) }
}

function locationChain({ filepath, line, column }: Location): Chain {
  return new Chain().call("sourceMap", { filename: filepath, line, column })
}

function cachePolicy(cache: string): Record<string, Word | string> {
  if (cache === "never") return { policy: new Word("Never") }
  if (cache === "session") return { policy: new Word("PerSession") }
  return { policy: new Word("Default"), timeToLive: cache }
}
