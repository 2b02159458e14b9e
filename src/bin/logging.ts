/** Logs go to stderr, one line each; stdout belongs to the protocol. */
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"

const levels = {
  trace: LogLevel.Trace,
  debug: LogLevel.Debug,
  info: LogLevel.Info,
  warning: LogLevel.Warning,
  error: LogLevel.Error,
  none: LogLevel.None
}

const formats = { logfmt: Logger.logfmtLogger, json: Logger.jsonLogger }

/** How much is logged, and how a line is written. */
export interface Logs {
  readonly level: keyof typeof levels
  readonly format: keyof typeof formats
}

const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

// A terminal acts on what does not show, and neither format escapes all of it.
const escaped = (line: string) =>
  line.replace(
    unseen,
    (character) => character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")
  )

/** A logger that leaves out what is below a level. */
export const atLeast = ({ level }: Logs, logger: Logger.Logger<unknown, unknown>): Logger.Logger<unknown, void> =>
  Logger.make((entry) => {
    if (LogLevel.greaterThanEqual(entry.logLevel, levels[level])) logger.log(entry)
  })

/** The level is that of stderr. What a person at the host should know is logged whatever it is. */
export const logging = (logs: Logs) =>
  Layer.merge(
    Logger.replace(
      Logger.defaultLogger,
      atLeast(logs, Logger.withConsoleError(Logger.map(formats[logs.format], escaped)))
    ),
    Logger.minimumLogLevel(LogLevel.lessThan(levels[logs.level], LogLevel.Info) ? levels[logs.level] : LogLevel.Info)
  )
