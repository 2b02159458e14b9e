/**
 * What a failure of Redis means for state. The server's own words stay out: they may repeat what was sent.
 *
 * @since 0.1.0
 */
import { StateError } from "./StateError.js"

interface Reply extends Error {
  readonly command?: { readonly name: string }
}

const retryLater: Record<string, string> = {
  LOADING: "is still reading its data",
  BUSY: "is busy with a script",
  MASTERDOWN: "has lost its primary",
  TRYAGAIN: "is moving its data"
}

const isCluster = "is part of a Redis Cluster, which cannot be used: name a single server"

const refusals: Record<string, string> = {
  NOAUTH: "wants a password",
  WRONGPASS: "does not take this user and password",
  NOPERM: "does not let this user run the commands, or use the keys, that state needs",
  OOM: "has no memory left",
  MISCONF: "takes no changes because it cannot save them to its disk",
  NOREPLICAS: "takes no changes because its replicas are away",
  READONLY: "is a read-only replica: name its primary",
  MOVED: isCluster,
  CLUSTERDOWN: isCluster,
  CROSSSLOT: isCluster,
  WRONGTYPE: "holds something else under a key that state uses"
}

/**
 * The error for a Redis that does not answer; `what` goes on from its name. A change may have been made.
 *
 * @since 0.1.0
 * @category errors
 */
export const unavailable = (location: string, what: string): StateError =>
  new StateError({
    reason: "unavailable",
    message: `The Redis at ${location} ${what}. Check that it runs and try again, or set HABU_STATE to another place.`
  })

/**
 * The error for a Redis that answers and cannot be used; `what` goes on from its name. Nothing was changed.
 *
 * @since 0.1.0
 * @category errors
 */
export const refused = (location: string, what: string): StateError =>
  new StateError({
    reason: "refused",
    message: `The Redis at ${location} ${what}. Put that right, or set HABU_STATE to another place.`
  })

const ofReply = (location: string, { command, message }: Reply): StateError => {
  const code = /^[A-Z]+/.exec(message)?.[0] ?? "ERR"
  const later = retryLater[code]
  if (later !== undefined) return unavailable(location, later)
  if (command?.name === "auth") return refused(location, "does not take this user and password")
  if (command?.name === "select") return refused(location, "has no database of this number")
  return refused(location, refusals[code] ?? `does not carry out the command ${command?.name ?? ""} (${code})`)
}

const ofConnection = (cause: NodeJS.ErrnoException): string => {
  const code = cause.code ?? ""
  if (cause.name === "ParserError") return "is not Redis: what answers there speaks something else"
  if (/^Command timed out|^Socket timeout/.test(cause.message)) return "does not answer"
  if (code.startsWith("ERR_SSL")) return `does not speak TLS as rediss:// needs it (${code})`
  const isClosed = ["", "ECONNRESET", "EPIPE"].includes(code)
  if (isClosed) return "closed the connection; if it always does, it may want TLS (rediss://)"
  return `cannot be reached: ${cause.message === "" ? code : cause.message}`
}

/**
 * The error for what a command or a connection failed with. An answer that says no changed nothing; anything else leaves
 * open whether a change was made.
 *
 * @since 0.1.0
 * @category errors
 */
export const from = (location: string, cause: unknown): StateError => {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  return error.name === "ReplyError" ? ofReply(location, error) : unavailable(location, ofConnection(error))
}
