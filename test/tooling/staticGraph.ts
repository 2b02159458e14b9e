import type { Metafile } from "esbuild"

/**
 * Tells which source files and which external modules a bundled command loads before it runs its first line, from
 * esbuild's metafile: what it and its chunks import, but not what they load later by `import()`.
 */
export const staticGraph = (metafile: Metafile, entryPoint: string) => {
  const seen = new Set<string>()
  const externals = new Set<string>()
  const visit = (path: string) => {
    if (seen.has(path)) return
    seen.add(path)
    for (const { external, kind, path: imported } of metafile.outputs[path]?.imports ?? []) {
      if (kind === "dynamic-import") continue
      if (external === true) externals.add(imported)
      else visit(imported)
    }
  }
  const entry = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint?.endsWith(entryPoint))
  if (entry === undefined) throw new Error(`${entryPoint} is not an entry of the bundle`)
  visit(entry[0])
  return {
    sources: [...seen].flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {})),
    externals: [...externals]
  }
}
