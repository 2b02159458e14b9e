/**
 * Draws a Vega-Lite specification as a PNG, with a font that comes with this package.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { packageFile } from "../duckdb/PackageFile.js"
import { ResultsFailed } from "./ResultsError.js"

const font = "assets/DejaVuSans.ttf"
const scale = 1.5

const notInstalled = (cause: unknown) =>
  new ResultsFailed({
    code: "NOT_INSTALLED",
    problem: `The chart renderer (vega, vega-lite, @resvg/resvg-js) could not be loaded${
      cause instanceof Error && !/Cannot find (package|module)/.test(cause.message)
        ? `: ${cause.message.slice(0, 200)}`
        : ""
    }.`,
    advice: "Add it with `npm install vega@6.4.0 vega-lite@6.4.1 @resvg/resvg-js@2.6.2` beside habu-mcp. Everything " +
      "else works without it."
  })

const failed = (cause: unknown) =>
  new ResultsFailed({
    code: "RESULTS_FAILED",
    problem: `The chart could not be drawn: ${
      cause instanceof Error ? cause.message.slice(0, 200) : "no reason given"
    }`,
    advice: "Draw other columns, or leave the chart out."
  })

const renderer = Effect.tryPromise({
  try: () => Promise.all([import("vega"), import("vega-lite"), import("@resvg/resvg-js")]),
  catch: notInstalled
})

/**
 * Draws it. Nothing is fetched: the data stand in the specification.
 *
 * @since 0.1.0
 * @category constructors
 */
export const png = Effect.fn("Picture.png")(function*(spec: { readonly [field: string]: unknown }) {
  const [vega, vegaLite, { Resvg }] = yield* renderer
  const svg = yield* Effect.tryPromise({
    try: () => {
      const { spec: compiled } = vegaLite.compile(spec as unknown as Parameters<typeof vegaLite.compile>[0])
      const loader = { ...vega.loader(), load: () => Promise.reject(new Error("Nothing is loaded here.")) }
      return new vega.View(vega.parse(compiled), { renderer: "none", loader: loader as never }).toSVG()
    },
    catch: failed
  })
  return yield* Effect.try({
    try: () =>
      new Uint8Array(
        new Resvg(svg, {
          fitTo: { mode: "zoom", value: scale },
          font: {
            fontFiles: [fileURLToPath(packageFile(font))],
            loadSystemFonts: false,
            defaultFontFamily: "DejaVu Sans"
          }
        }).render().asPng()
      ),
    catch: failed
  })
})
