// How a command of this project becomes files that start fast. The build, the tests and the benchmark share it.
import { build } from "esbuild"
import { execFileSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"

const project = fileURLToPath(new URL("..", import.meta.url))

// Where there is no repository, as in a container's build, whoever builds may tell.
const commit = () => {
  const told = process.env["HABU_BUILD_COMMIT"]
  if (told) return told
  try {
    const args = ["rev-parse", "--short=9", "HEAD"]
    return execFileSync("git", args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim()
  } catch {
    return "unknown"
  }
}

const { version } = JSON.parse(Fs.readFileSync(Path.join(project, "package.json"), "utf8"))

/** What the source reads as globals of these names, each a JavaScript expression. */
export const define = { __BUILD_VERSION__: JSON.stringify(version), __BUILD_COMMIT__: JSON.stringify(commit()) }

// Bundled CommonJS asks for a `require` where a module has none; lmdb has an import of this name, hence the alias.
const banner = "import{createRequire as __cr}from\"node:module\";const require=__cr(import.meta.url);"

// esbuild has no banner for the entry alone, and the source may bring a shebang of its own.
const makeExecutable = (file) => {
  const text = Fs.readFileSync(file, "utf8")
  if (!text.startsWith("#!")) Fs.writeFileSync(file, `#!/usr/bin/env node\n${text}`)
  Fs.chmodSync(file, 0o755)
}

/**
 * Bundles the source file `entry` into `outdir`, as a command NAME.mjs and the chunks that it loads, and answers with
 * esbuild's metafile.
 */
export const bundle = async (entry, outdir) => {
  const { metafile } = await build({
    absWorkingDir: project,
    entryPoints: [entry],
    outdir,
    outExtension: { ".js": ".mjs" },
    entryNames: "[name]",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minify: true,
    legalComments: "none",
    external: ["lmdb", "@duckdb/*", "vega", "vega-lite", "@resvg/*"],
    define,
    banner: { js: banner },
    logLevel: "warning",
    metafile: true
  })
  makeExecutable(Path.resolve(project, outdir, `${Path.parse(entry).name}.mjs`))
  return metafile
}
