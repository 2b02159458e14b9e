import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import { basic, monday, requestToken, send } from "./harness.js"

const begin = Sandbox.make({ now: monday, rows: 100 })

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"))

const list = (sandbox: Sandbox.Service, token: string) =>
  send(`${sandbox.url}/cleanrooms`, { headers: { authorization: `Bearer ${token}` } })

describe("token endpoint", () => {
  it.scoped("answers in camel case with a token good for 12 hours", () =>
    Effect.gen(function*() {
      const sandbox = yield* begin
      const { json, status } = yield* requestToken(sandbox)
      assert.strictEqual(status, 200)
      assert.deepStrictEqual(Object.keys(json), ["accessToken", "tokenType", "expiresIn", "expiresAt"])
      assert.strictEqual(json.tokenType, "Bearer")
      assert.strictEqual(json.expiresIn, 43200)
      assert.strictEqual(json.expiresAt, new Date(monday + 43200_000).toISOString())
      assert.strictEqual((yield* list(sandbox, json.accessToken)).status, 200)
    }))

  it.scoped("issues an RS256 JWT with the observed claims and 25 scopes", () =>
    Effect.gen(function*() {
      const sandbox = yield* begin
      const { json } = yield* requestToken(sandbox)
      const header = JSON.parse(Buffer.from(json.accessToken.split(".")[0], "base64url").toString("utf8"))
      const claims = claimsOf(json.accessToken)
      assert.strictEqual(header.alg, "RS256")
      assert.strictEqual(claims.iss, "https://habu.us.auth0.com/")
      assert.strictEqual(claims.aud, "https://api.habu.com/v1")
      assert.strictEqual(claims.sub, `${sandbox.clientId}@clients`)
      assert.strictEqual(claims.exp - claims.iat, 43200)
      assert.strictEqual(claims.permissions.length, 25)
      assert.deepStrictEqual(claims.scope.split(" "), claims.permissions)
      assert.include(claims.permissions, "write:cleanroomquestionruns")
      assert.notInclude(claims.permissions, "write:users")
      assert.strictEqual(Buffer.from(json.accessToken.split(".")[2], "base64url").length, 256)
    }))

  it.scoped("has credentials of Habu's lengths", () =>
    Effect.gen(function*() {
      const sandbox = yield* begin
      assert.match(sandbox.clientId, /^[A-Za-z0-9]{32}$/)
      assert.match(Redacted.value(sandbox.clientSecret), /^[A-Za-z0-9]{64}$/)
    }))

  it.scoped("takes a form with Basic and nothing else", () =>
    Effect.gen(function*() {
      const sandbox = yield* begin
      const url = `${sandbox.url}/oauth/token`
      const authorization = basic(sandbox.clientId, Redacted.value(sandbox.clientSecret))
      const form = { "content-type": "application/x-www-form-urlencoded" }
      const get = yield* send(url, { headers: { authorization } })
      assert.strictEqual(get.status, 405)
      assert.strictEqual(get.headers.get("allow"), "POST")
      const json = yield* send(url, {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify({ grant_type: "client_credentials" })
      })
      assert.strictEqual(json.status, 415)
      const bare = yield* send(url, { method: "POST", headers: form, body: "grant_type=client_credentials" })
      assert.strictEqual(bare.status, 400)
      const grant = yield* send(url, {
        method: "POST",
        headers: { ...form, authorization },
        body: "grant_type=password"
      })
      assert.strictEqual(grant.status, 400)
      const swapped = yield* send(url, {
        method: "POST",
        headers: { ...form, authorization: basic(Redacted.value(sandbox.clientSecret), sandbox.clientId) },
        body: "grant_type=client_credentials"
      })
      assert.strictEqual(swapped.status, 401)
      assert.deepStrictEqual(Object.keys(swapped.json), ["status", "code", "timestamp", "message", "details"])
      assert.strictEqual((yield* requestToken(sandbox)).status, 200)
    }))

  it.scoped("refuses the third token in any 24 hours", () =>
    Effect.gen(function*() {
      const sandbox = yield* begin
      assert.strictEqual((yield* requestToken(sandbox)).status, 200)
      yield* sandbox.clock.advance("10 hours")
      assert.strictEqual((yield* requestToken(sandbox)).status, 200)
      assert.strictEqual((yield* requestToken(sandbox)).status, 429)
      yield* sandbox.clock.advance("13 hours")
      assert.strictEqual((yield* requestToken(sandbox)).status, 429)
      yield* sandbox.clock.advance("1 hour")
      assert.strictEqual((yield* requestToken(sandbox)).status, 200)
      assert.strictEqual((yield* requestToken(sandbox)).status, 429)
    }))

  it.scoped("lets a token expire on its clock", () =>
    Effect.gen(function*() {
      const sandbox = yield* begin
      const { json } = yield* requestToken(sandbox)
      yield* sandbox.clock.set(monday + 43199_000)
      assert.strictEqual((yield* list(sandbox, json.accessToken)).status, 200)
      yield* sandbox.clock.set(monday + 43200_000)
      const expired = yield* list(sandbox, json.accessToken)
      assert.strictEqual(expired.status, 401)
      assert.include(expired.json.message, "expired")
    }))

  it.scoped("knows only its own tokens", () =>
    Effect.gen(function*() {
      const [one, other] = [yield* begin, yield* Sandbox.make({ now: monday, rows: 100, seed: 2 })]
      const { json } = yield* requestToken(other)
      assert.strictEqual((yield* list(one, json.accessToken)).status, 401)
      assert.strictEqual((yield* list(one, "nonsense")).status, 401)
      assert.strictEqual((yield* send(`${one.url}/cleanrooms`)).status, 401)
    }))

  it.scoped("forgets tokens and the secret when the secret is rotated", () =>
    Effect.gen(function*() {
      const sandbox = yield* begin
      const { json } = yield* requestToken(sandbox)
      const fresh = yield* sandbox.rotateSecret
      assert.strictEqual((yield* list(sandbox, json.accessToken)).status, 401)
      assert.strictEqual((yield* requestToken(sandbox)).status, 401)
      const again = yield* requestToken(sandbox, Redacted.value(fresh))
      assert.strictEqual(again.status, 200)
      assert.strictEqual((yield* list(sandbox, again.json.accessToken)).status, 200)
    }))
})
