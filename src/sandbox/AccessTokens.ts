/**
 * The API user's client id, secret and access tokens: two tokens in any 24 hours, each good for 12 hours.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { generateKeyPair, type KeyObject, sign } from "node:crypto"
import * as Ids from "./Ids.js"
import * as Limits from "./Limits.js"
import * as Once from "./Once.js"
import { type Refusal, unauthorized } from "./Refusal.js"

const lifetime = 43_200

const verbs = ["read", "write", "delete"]

/**
 * The scopes that a live token was seen to carry.
 *
 * @since 0.1.0
 * @category models
 */
export const scopes: ReadonlyArray<string> = [
  ...[
    "cleanrooms",
    "cleanroomquestions",
    "cleanroomquestionruns",
    "cleanroompartners",
    "cleanroomusers",
    "credentials",
    "dataconnections",
    "questions"
  ].flatMap((thing) => verbs.map((verb) => `${verb}:${thing}`)),
  "read:users"
]

/**
 * The answer of the token endpoint.
 *
 * @since 0.1.0
 * @category models
 */
export interface Grant {
  readonly accessToken: string
  readonly tokenType: "Bearer"
  readonly expiresIn: number
  readonly expiresAt: string
}

/**
 * Mints tokens and knows which are good.
 *
 * @since 0.1.0
 * @category models
 */
export interface AccessTokens {
  readonly clientId: string
  readonly secret: () => Redacted.Redacted
  readonly mint: (clientId: string, secret: string) => Effect.Effect<Grant, Refusal>
  readonly check: (authorization: string | undefined) => Effect.Effect<void, Refusal>
  /** Puts a new secret in place; the old one and every token stop working. */
  readonly rotate: Effect.Effect<Redacted.Redacted>
}

/** Made with the first token, because it takes a while, and once in a process: which tokens are good is known anyway. */
const signingKey = Effect.runSync(Once.make(
  Effect.async<KeyObject>((resume) => {
    generateKeyPair(
      "rsa",
      { modulusLength: 2048 },
      (error, _public, key) => resume(error === null ? Effect.succeed(key) : Effect.die(error))
    )
  })
))

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

const jwt = (key: KeyObject, claims: { readonly [name: string]: unknown }) => {
  const content = `${part({ alg: "RS256", typ: "JWT", kid: "sandbox" })}.${part(claims)}`
  return `${content}.${sign("RSA-SHA256", Buffer.from(content), key).toString("base64url")}`
}

const claimsOf = (clientId: string, id: string, issuedAt: number) => ({
  iss: "https://habu.us.auth0.com/",
  sub: `${clientId}@clients`,
  aud: "https://api.habu.com/v1",
  iat: issuedAt,
  exp: issuedAt + lifetime,
  jti: id,
  scope: scopes.join(" "),
  gty: "client-credentials",
  azp: clientId,
  permissions: scopes
})

/**
 * Makes the API user's credentials.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  options: { readonly seed: number; readonly ids: Ids.Ids; readonly limits: Limits.Limits }
): AccessTokens => {
  const clientId = Ids.key(options.seed, "client-id", 32)
  const expiries = new Map<string, number>()
  let rotations = 0
  const secret = () => Redacted.make(Ids.key(options.seed, `client-secret/${rotations}`, 64))
  const grant = Effect.gen(function*() {
    const key = yield* signingKey
    const issuedAt = Math.floor((yield* Clock.currentTimeMillis) / 1000)
    const accessToken = jwt(key, claimsOf(clientId, options.ids.uuid("token"), issuedAt))
    const expiresAt = (issuedAt + lifetime) * 1000
    expiries.set(accessToken, expiresAt)
    return {
      accessToken,
      tokenType: "Bearer" as const,
      expiresIn: lifetime,
      expiresAt: new Date(expiresAt).toISOString()
    }
  })
  return {
    clientId,
    secret,
    mint: (id, given) =>
      id === clientId && given === Redacted.value(secret())
        ? Effect.zipRight(
          options.limits.spend("token", Limits.twoInADay, "At most 2 tokens can be requested in 24 hours"),
          grant
        )
        : Effect.fail(unauthorized("Bad credentials")),
    check: (authorization) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const token = authorization?.match(/^bearer (.+)$/i)?.[1]
        if (token === undefined) {
          return Effect.fail(unauthorized("Full authentication is required to access this resource"))
        }
        const expiresAt = expiries.get(token)
        if (expiresAt === undefined) return Effect.fail(unauthorized("Invalid JWT serialization"))
        return expiresAt <= now
          ? Effect.fail(unauthorized(`Jwt expired at ${new Date(expiresAt).toISOString()}`))
          : Effect.void
      }),
    rotate: Effect.sync(() => {
      rotations += 1
      expiries.clear()
      return secret()
    })
  }
}
