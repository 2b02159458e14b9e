/**
 * What all charts look like: size, font, colours.
 *
 * @since 0.1.0
 */
import * as Text from "../habu/Text.js"

/**
 * A Vega-Lite specification.
 *
 * @since 0.1.0
 * @category models
 */
export interface Spec {
  readonly [field: string]: unknown
}

/**
 * Puts marks, encoding and data into the frame that all charts share.
 *
 * @since 0.1.0
 * @category constructors
 */
export const framed = (title: string, subtitle: string, rest: Spec): Spec => ({
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  title: { text: Text.clean(title, 90), subtitle: Text.clean(subtitle, 110), anchor: "start" },
  width: 640,
  background: "white",
  ...rest,
  config: {
    font: "DejaVu Sans",
    view: { stroke: null },
    axis: { labelFontSize: 11, titleFontSize: 12, labelLimit: 220, gridColor: "#e5e7eb" },
    title: { fontSize: 15, subtitleFontSize: 11, subtitleColor: "#4b5563", offset: 12 },
    bar: { color: "#2563a8" },
    line: { color: "#2563a8", strokeWidth: 2 },
    point: { color: "#2563a8", size: 30 }
  }
})
