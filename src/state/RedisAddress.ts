/**
 * Where a Redis server is, and who asks it.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"

/**
 * A single Redis server. The port is 6379 and the database 0 unless given. A `username` needs a `password`; neither is
 * ever shown.
 *
 * @since 0.1.0
 * @category models
 */
export interface Address {
  readonly host: string
  readonly port?: number
  readonly database?: number
  readonly tls?: boolean
  readonly username?: string
  readonly password?: Redacted.Redacted
}

/**
 * How an address is written, for a person to read.
 *
 * @since 0.1.0
 * @category constructors
 */
export const form = "redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], or rediss:// with TLS"

const invalid = (why: string) => Either.left(why)

const credentials = (username: string, password: string) => ({
  ...(username === "" ? {} : { username }),
  ...(password === "" ? {} : { password: Redacted.make(password) })
})

/**
 * Reads an address; what is left when it is none says why, without repeating any of it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string): Either.Either<Address, string> => {
  const read = Either.try(() => {
    const url = new URL(text)
    return { url, username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  })
  if (Either.isLeft(read)) {
    return invalid("cannot be read; in a password, characters such as % @ : / ? # are written %25 …")
  }
  const { password, url, username } = read.right
  const database = /^\/?(\d{0,9})$/.exec(url.pathname)?.[1]
  if (!/^rediss?:$/.test(url.protocol) || url.hostname === "") return invalid("names no host")
  if (database === undefined) return invalid("names no database by its number")
  if (url.search !== "" || url.hash !== "") return invalid("holds a ? or #, which no setting follows")
  if (username !== "" && password === "") return invalid("names a user without a password (is the colon missing?)")
  return Either.right({
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    tls: url.protocol === "rediss:",
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    ...(database === "" ? {} : { database: Number(database) }),
    ...credentials(username, password)
  })
}

/**
 * An address as a person may see it: without user and password.
 *
 * @since 0.1.0
 * @category conversions
 */
export const location = ({ database = 0, host, port = 6379, tls = false }: Address): string => {
  const name = host.includes(":") ? `[${host}]` : host
  return `${tls ? "rediss" : "redis"}://${name}:${port}${database === 0 ? "" : `/${database}`}`
}
