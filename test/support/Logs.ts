/**
 * Collects all that is logged, at every level.
 */
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"

export interface Line {
  readonly level: string
  readonly message: string
  readonly annotations: { readonly [name: string]: unknown }
  /** As a log file would have it, with causes and spans. */
  readonly text: string
}

export const make = () => {
  const lines: Array<Line> = []
  const logger = Logger.make<unknown, void>((options) => {
    lines.push({
      level: options.logLevel.label,
      message: [options.message].flat().join(" "),
      annotations: Logger.structuredLogger.log(options).annotations,
      text: `${Logger.stringLogger.log(options)} ${JSON.stringify(Logger.structuredLogger.log(options))}`
    })
  })
  return {
    lines,
    text: () => lines.map(({ text }) => text).join("\n"),
    layer: Layer.merge(Logger.replace(Logger.defaultLogger, logger), Logger.minimumLogLevel(LogLevel.All))
  }
}
