/**
 * Which of the tools a server offers: by toolset, by name, without writes. Works on the snapshot alone, so that nothing
 * else is loaded before a host has its list.
 *
 * @since 0.1.0
 */
import type { Surface } from "./Surface.js"
import { type Toolset, toolsets } from "./Toolset.js"

/**
 * What the command line chose; undefined where it says nothing.
 *
 * @since 0.1.0
 * @category models
 */
export interface Choice {
  readonly toolsets?: ReadonlyArray<string> | undefined
  /** Only these tools, whatever their toolset. */
  readonly tools?: ReadonlyArray<string> | undefined
  readonly exclude?: ReadonlyArray<string> | undefined
  /** Only tools that change nothing at Habu; those that write files write none. */
  readonly readOnly?: boolean | undefined
}

/**
 * What is wrong with a choice, in a sentence; undefined where nothing is.
 *
 * @since 0.1.0
 * @category guards
 */
export const problemWith = (surface: Surface, choice: Choice): string | undefined => {
  const names = surface.tools.map(({ name }) => name)
  const check = (option: string, given: ReadonlyArray<string> | undefined, possible: ReadonlyArray<string>) => {
    const unknown = given?.find((name) => !possible.includes(name))
    return unknown === undefined
      ? undefined
      : `${option} names ${JSON.stringify(unknown)}; possible: ${possible.join(", ")}`
  }
  return check("--toolsets", choice.toolsets, [...toolsets, "all"]) ??
    check("--tools", choice.tools, names) ??
    check("--exclude-tools", choice.exclude, names)
}

const isInSets = (choice: Choice, toolset: Toolset) =>
  toolset === "core" ||
  (choice.toolsets === undefined
    ? toolset !== "api"
    : choice.toolsets.includes(toolset) || choice.toolsets.includes("all"))

/**
 * The surface of the chosen tools, with the instructions that concern them.
 *
 * @since 0.1.0
 * @category filtering
 */
export const select = (surface: Surface, choice: Choice): Surface => {
  const tools = surface.tools.filter(({ annotations, name }) =>
    (choice.tools === undefined
      ? isInSets(choice, surface.toolsets[name] ?? "core")
      : choice.tools.includes(name)) &&
    choice.exclude?.includes(name) !== true &&
    (choice.readOnly !== true || annotations.readOnlyHint || surface.writesOnlyFiles.includes(name))
  ).map((tool) =>
    choice.readOnly === true ? { ...tool, annotations: { ...tool.annotations, readOnlyHint: true } } : tool
  )
  const names = new Set(tools.map(({ name }) => name))
  return {
    ...surface,
    tools,
    instructions: surface.instructions.filter(({ about }) =>
      about === undefined || about.some((name) => names.has(name))
    )
  }
}
