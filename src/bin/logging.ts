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

export type Level = keyof typeof levels

const toStderr = (least: LogLevel.LogLevel) => {
  const logger = Logger.withConsoleError(Logger.logfmtLogger)
  return Logger.make<unknown, void>((entry) => {
    if (LogLevel.greaterThanEqual(entry.logLevel, least)) logger.log(entry)
  })
}

/** The level is that of stderr. What a person at the host should know is logged whatever it is. */
export const logging = (level: Level) =>
  Layer.merge(
    Logger.replace(Logger.defaultLogger, toStderr(levels[level])),
    Logger.minimumLogLevel(LogLevel.lessThan(levels[level], LogLevel.Info) ? levels[level] : LogLevel.Info)
  )
