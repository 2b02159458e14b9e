/**
 * The resources, as a host lists them: what can be read without a call that a model decides on. Answered before anything
 * is loaded.
 *
 * @since 0.1.0
 */

/**
 * A resource, or a template of many.
 *
 * @since 0.1.0
 * @category models
 */
export interface Listed {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mimeType: string
}

/**
 * What the variables of templates stand for, and so how they are completed.
 *
 * @since 0.1.0
 * @category models
 */
export type Variable = "clean_room" | "question" | "run" | "code" | "page"

const json = "application/json"

/**
 * The resources without variables.
 *
 * @since 0.1.0
 * @category constants
 */
export const resources = [
  {
    uri: "habu://cleanrooms",
    name: "cleanrooms",
    title: "Clean rooms",
    description: "All clean rooms that the API user can see",
    mimeType: json
  },
  {
    uri: "habu://runs",
    name: "runs",
    title: "Runs",
    description: "The question runs that were started through this server, as last seen",
    mimeType: json
  },
  {
    uri: "habu://audit",
    name: "audit",
    title: "Audit log",
    description: "What was written to Habu through this server in the last 30 days, without secrets",
    mimeType: json
  },
  {
    uri: "habu://errors",
    name: "errors",
    title: "Error catalogue",
    description: "Every error that a call can fail with: what it means and what to do",
    mimeType: json
  },
  {
    uri: "habu://docs",
    name: "docs",
    title: "Documentation",
    description: "The pages of habu-mcp's documentation",
    mimeType: json
  }
] as const satisfies ReadonlyArray<Listed & { readonly uri: string }>

/**
 * The templates. References are names, display ids or ids, percent-encoded.
 *
 * @since 0.1.0
 * @category constants
 */
export const templates = [
  {
    uriTemplate: "habu://cleanrooms/{clean_room}",
    name: "cleanroom",
    title: "A clean room",
    description: "How a clean room is: readiness, partners, runs, what calls for attention",
    mimeType: json
  },
  {
    uriTemplate: "habu://cleanrooms/{clean_room}/questions",
    name: "cleanroom_questions",
    title: "Questions of a clean room",
    description: "The questions of a clean room with their status",
    mimeType: json
  },
  {
    uriTemplate: "habu://questions/{question}/runs",
    name: "question_runs",
    title: "Runs of a question",
    description: "The runs of a question with their status",
    mimeType: json
  },
  {
    uriTemplate: "habu://questions/{question}/runs/{run}",
    name: "run",
    title: "A run",
    description: "A run as last seen; subscribe to it to be told when it changes",
    mimeType: json
  },
  {
    uriTemplate: "habu://questions/{question}/runs/{run}/results.csv",
    name: "results_csv",
    title: "Results of a run as CSV",
    description: "The rows of a completed run of an analytical question, 1,000 at most; never those of user lists",
    mimeType: "text/csv"
  },
  {
    uriTemplate: "habu://questions/{question}/runs/{run}/results.json",
    name: "results_json",
    title: "Results of a run as JSON",
    description: "The rows of a completed run of an analytical question, 1,000 at most; never those of user lists",
    mimeType: json
  },
  {
    uriTemplate: "habu://errors/{code}",
    name: "error",
    title: "An error",
    description: "One error of the catalogue by its code",
    mimeType: json
  },
  {
    uriTemplate: "habu://docs/{page}",
    name: "doc",
    title: "A page of the documentation",
    description: "A page as Markdown",
    mimeType: "text/markdown"
  }
] as const satisfies ReadonlyArray<Listed & { readonly uriTemplate: string }>

/**
 * How many runs one host may follow at once.
 *
 * @since 0.1.0
 * @category constants
 */
export const mostFollowed = 100

/**
 * How many completions MCP takes at once.
 *
 * @since 0.1.0
 * @category constants
 */
export const mostCompletions = 100

/**
 * The name of a resource or template.
 *
 * @since 0.1.0
 * @category models
 */
export type Name = (typeof resources)[number]["name"] | (typeof templates)[number]["name"]

/**
 * Which resource an address names, with the values of its variables.
 *
 * @since 0.1.0
 * @category models
 */
export interface Match {
  readonly name: Name
  readonly mimeType: string
  readonly values: { readonly [variable in Variable]?: string }
}

// As decodeURIComponent, but what is not well encoded is taken as it can be.
const decoded = (text: string): string =>
  new URLSearchParams(`value=${text.replaceAll("+", "%2B").replaceAll("&", "%26")}`).get("value") ?? ""

const valuesIn = (template: string, uri: string): Match["values"] | undefined => {
  const parts = template.split("/")
  const given = uri.split("/")
  if (parts.length !== given.length) return undefined
  const values: { [variable: string]: string } = {}
  for (const [i, part] of parts.entries()) {
    const variable = /^\{(\w+)\}$/.exec(part)?.[1]
    const value = decoded(given[i] ?? "")
    if (variable === undefined ? part !== given[i] : value.trim() === "") return undefined
    if (variable !== undefined) values[variable] = value
  }
  return values
}

/**
 * Finds what an address names.
 *
 * @since 0.1.0
 * @category getters
 */
export const match = (uri: string): Match | undefined => {
  for (const listed of [...resources.map((one) => ({ ...one, uriTemplate: one.uri })), ...templates]) {
    const values = valuesIn(listed.uriTemplate, uri)
    if (values !== undefined) return { name: listed.name, mimeType: listed.mimeType, values }
  }
  return undefined
}
