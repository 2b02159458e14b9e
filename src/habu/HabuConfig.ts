/**
 * Where Habu is, who we are there, and how patient and parallel to be.
 *
 * The variables bear the names of LiveRamp's documentation: HABU_API, HABU_API_CLIENT, HABU_API_SECRET and
 * HABU_ORGANIZATION. Missing credentials are no failure of the layer: they are told by the first call that needs them.
 *
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { ConfigurationInvalid } from "./HabuError.js"
import { fromEither } from "./internal/fromEither.js"

/**
 * The API key of an organisation: Habu's secondary key is the client id, its primary key the secret.
 *
 * @since 0.1.0
 * @category models
 */
export interface Credentials {
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
}

/**
 * How Habu is reached, with what credentials and how fast time passes there.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** The base of every call, the token call included; ends in `/v1`. */
  readonly apiUrl: string
  readonly credentials: Either.Either<Credentials, ConfigurationInvalid>
  /** The organisation the caller believes the key belongs to, to compare with what Habu shows. */
  readonly organization: Option.Option<string>
  /** Whether Habu, or what stands in for it, is on this machine. */
  readonly local: boolean
  /** Whether this is a sandbox with synthetic data. */
  readonly sandbox: boolean
  /** How many of Habu's seconds pass in one of ours: 1, but for a sandbox. Limits, token life and polling scale by it. */
  readonly speed: number
  /** How long one attempt of a request may take. */
  readonly requestTimeout: Duration.Duration
  /** How many requests may be under way at once. */
  readonly concurrency: number
}

/**
 * The settings of the client, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class HabuConfig extends Context.Tag("habu-mcp/habu/HabuConfig")<HabuConfig, Service>() {}

/**
 * What an embedder may set; all but the credentials have a default.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly apiUrl?: string | undefined
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
  readonly organization?: string | undefined
  readonly sandboxSpeed?: number | undefined
  readonly requestTimeout?: Duration.DurationInput | undefined
  readonly concurrency?: number | undefined
}

/**
 * Habu itself.
 *
 * @since 0.1.0
 * @category constants
 */
export const defaultApiUrl = "https://api.habu.com/v1"

const clientIdLength = 32
const clientSecretLength = 64

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"])

const invalid = (setting: string, problem: string, advice: string) =>
  new ConfigurationInvalid({ setting, problem, advice })

const checkUrl = (
  text: string
): Either.Either<{ readonly url: string; readonly local: boolean }, ConfigurationInvalid> => {
  const advice = `Set HABU_API to the API's address, such as ${defaultApiUrl}, or leave it unset.`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return Either.left(invalid("HABU_API", "is not a web address", advice))
  }
  const local = loopback.has(url.hostname)
  if (url.protocol === "http:" && !local) {
    return Either.left(invalid("HABU_API", "would send the secret unencrypted over http", advice))
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return Either.left(invalid("HABU_API", "holds more than a host and a path", advice))
  }
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, "")
  return Either.right({ url: base.endsWith("/v1") ? base : `${base}/v1`, local })
}

const checkSpeed = (speed: number | undefined, local: boolean): Either.Either<number, ConfigurationInvalid> => {
  if (speed === undefined) return Either.right(1)
  const advice = "Unset it for Habu itself; it is for a sandbox on this machine only."
  if (!local) return Either.left(invalid("HABU_SANDBOX_SPEED", "is set, but HABU_API is not on this machine", advice))
  return Number.isFinite(speed) && speed >= 1
    ? Either.right(speed)
    : Either.left(invalid("HABU_SANDBOX_SPEED", "is not a number of 1 or more", advice))
}

const placeholder = /^\$\{[^}]*\}$/

// A setting's value, which a program may have passed on empty or as it stood in its own configuration.
const given = (setting: string, value: string): Either.Either<string, ConfigurationInvalid> => {
  const trimmed = value.trim()
  if (trimmed === "") {
    return Either.left(invalid(setting, "is set but empty", `Give ${setting} its value, or unset it.`))
  }
  if (placeholder.test(trimmed)) {
    return Either.left(invalid(
      setting,
      `holds the literal text ${trimmed}, which the program that started habu-mcp did not fill in`,
      `Put the value itself where ${trimmed} stands, or define that variable for the program.`
    ))
  }
  return Either.right(trimmed)
}

const checkCredentials = (clientId: string, clientSecret: Redacted.Redacted) =>
  Either.gen(function*() {
    const id = yield* given("HABU_API_CLIENT", clientId)
    const secret = yield* given("HABU_API_SECRET", Redacted.value(clientSecret))
    if (id.length === clientSecretLength && secret.length === clientIdLength) {
      return yield* Either.left(invalid(
        "HABU_API_CLIENT",
        "and HABU_API_SECRET look swapped: the id has 64 characters and the secret 32",
        "Swap them: the secondary key of 32 characters is HABU_API_CLIENT, the primary key of 64 HABU_API_SECRET."
      ))
    }
    return { clientId: id, clientSecret: Redacted.make(secret) }
  })

const build = (options: {
  readonly apiUrl: string
  readonly credentials: Either.Either<Credentials, ConfigurationInvalid>
  readonly organization: Option.Option<string>
  readonly sandboxSpeed: number | undefined
  readonly requestTimeout: Duration.DurationInput
  readonly concurrency: number
}): Either.Either<Service, ConfigurationInvalid> =>
  Either.gen(function*() {
    const { local, url } = yield* checkUrl(options.apiUrl)
    const speed = yield* checkSpeed(options.sandboxSpeed, local)
    return {
      apiUrl: url,
      local,
      credentials: options.credentials,
      organization: options.organization,
      sandbox: options.sandboxSpeed !== undefined,
      speed,
      requestTimeout: Duration.decode(options.requestTimeout),
      concurrency: options.concurrency
    }
  })

/**
 * Makes a configuration from explicit values.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Either.Either<Service, ConfigurationInvalid> =>
  build({
    apiUrl: options.apiUrl ?? defaultApiUrl,
    credentials: checkCredentials(options.clientId, options.clientSecret),
    organization: Option.fromNullable(options.organization),
    sandboxSpeed: options.sandboxSpeed,
    requestTimeout: options.requestTimeout ?? "30 seconds",
    concurrency: options.concurrency ?? 8
  })

const variable = (setting: string) =>
  Config.option(Config.string(setting)).pipe(
    Effect.orElseSucceed(Option.none<string>),
    Effect.flatMap(Option.match({
      onNone: () => Effect.succeedNone,
      onSome: (value) => Effect.map(fromEither(given(setting, value)), Option.some)
    }))
  )

const positive = (setting: string, fallback: number) =>
  Effect.flatMap(
    variable(setting),
    Option.match({
      onNone: () => Effect.succeed(fallback),
      onSome: (text) =>
        Number(text) > 0 && Number.isFinite(Number(text))
          ? Effect.succeed(Number(text))
          : Effect.fail(invalid(setting, "is not a number above 0", `Give ${setting} a number, or unset it.`))
    })
  )

// A secret in the environment, or in the file that …_FILE names, as container platforms hand them out.
const secret = Effect.fnUntraced(function*(setting: string, what: string) {
  const direct = yield* variable(setting)
  if (Option.isSome(direct)) return direct.value
  const file = yield* variable(`${setting}_FILE`)
  if (Option.isNone(file)) {
    return yield* Effect.fail(invalid(
      setting,
      "is not set",
      `Set ${setting} to ${what} (Habu: Admin > API Keys), or ${setting}_FILE to a file that holds it. ` +
        "To try habu-mcp without an account, start it with --sandbox."
    ))
  }
  const files = yield* FileSystem.FileSystem
  const content = yield* Effect.mapError(
    files.readFileString(file.value),
    () => invalid(`${setting}_FILE`, "names a file that cannot be read", "Check the path and its permissions.")
  )
  const held = content.trim()
  return held === ""
    ? yield* Effect.fail(invalid(`${setting}_FILE`, "names an empty file", `Put ${what} into it.`))
    : held
})

const credentialsConfig = Effect.gen(function*() {
  const clientId = yield* secret("HABU_API_CLIENT", "the API key's secondary key, of 32 characters")
  const clientSecret = yield* secret("HABU_API_SECRET", "the API key's primary key, of 64 characters")
  return yield* fromEither(checkCredentials(clientId, Redacted.make(clientSecret)))
})

/**
 * Provides a configuration made from explicit values.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<HabuConfig, ConfigurationInvalid> =>
  Layer.effect(HabuConfig, fromEither(make(options)))

/**
 * Provides the configuration that the environment gives (through the current `ConfigProvider`).
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig: Layer.Layer<HabuConfig, ConfigurationInvalid, FileSystem.FileSystem> = Layer.effect(
  HabuConfig,
  Effect.gen(function*() {
    const apiUrl = yield* variable("HABU_API")
    const speed = yield* variable("HABU_SANDBOX_SPEED")
    return yield* fromEither(build({
      apiUrl: Option.getOrElse(apiUrl, () => defaultApiUrl),
      credentials: yield* Effect.either(credentialsConfig),
      organization: yield* variable("HABU_ORGANIZATION"),
      sandboxSpeed: Option.getOrUndefined(Option.map(speed, Number)),
      requestTimeout: Duration.seconds(yield* positive("HABU_REQUEST_TIMEOUT", 30)),
      concurrency: Math.ceil(yield* positive("HABU_CONCURRENCY", 8))
    }))
  })
)

/**
 * The credentials, or the sentence that says what to set.
 *
 * @since 0.1.0
 * @category getters
 */
export const credentials: Effect.Effect<Credentials, ConfigurationInvalid, HabuConfig> = Effect.flatMap(
  HabuConfig,
  (config) => fromEither(config.credentials)
)
