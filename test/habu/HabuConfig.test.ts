import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import { assert, describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { inspect } from "node:util"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuError from "../../src/habu/HabuError.js"

const id = "1".repeat(32)
const secret = "CANARY".padEnd(64, "2")
const keys = { HABU_API_CLIENT: id, HABU_API_SECRET: secret }

const read = (variables: { readonly [name: string]: string }) =>
  HabuConfig.HabuConfig.pipe(
    Effect.provide(HabuConfig.layerConfig),
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables)))),
    Effect.provide(NodeFileSystem.layer)
  )

/** Why a configuration is refused as a whole. */
const refused = (variables: { readonly [name: string]: string }) => Effect.map(Effect.flip(read(variables)), said)

/** Why calls that need credentials will fail, while the layer is built. */
const withoutCredentials = (variables: { readonly [name: string]: string }) =>
  Effect.map(read(variables), ({ credentials }) => {
    assert(Either.isLeft(credentials))
    return said(credentials.left)
  })

const said = (error: HabuError.ConfigurationInvalid) => {
  expect(inspect(error, { depth: 10 }) + JSON.stringify(error)).not.toContain("CANARY")
  return `${error.message} ${error.advice}`
}

const inFiles = (contents: { readonly [variable: string]: string }) =>
  Effect.gen(function*() {
    const files = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const folder = yield* files.makeTempDirectoryScoped()
    return Object.fromEntries(
      yield* Effect.forEach(Object.entries(contents), ([variable, content]) => {
        const file = path.join(folder, variable)
        return Effect.as(files.writeFileString(file, content), [`${variable}_FILE`, file] as const)
      })
    )
  }).pipe(Effect.provide(Layer.merge(NodeFileSystem.layer, Path.layer)))

describe("HabuConfig.layerConfig", () => {
  it.effect("needs the credentials only", () =>
    Effect.gen(function*() {
      const config = yield* read(keys)
      expect(config).toMatchObject({
        apiUrl: "https://api.habu.com/v1",
        organization: Option.none(),
        sandbox: false,
        speed: 1,
        requestTimeout: Duration.seconds(30),
        concurrency: 8
      })
      const credentials = Either.getOrThrow(config.credentials)
      expect(credentials.clientId).toBe(id)
      expect(Redacted.value(credentials.clientSecret)).toBe(secret)
      expect(inspect(config, { depth: 10 }) + JSON.stringify(config)).not.toContain("CANARY")
    }))

  it.effect("takes every other variable", () =>
    Effect.gen(function*() {
      const config = yield* read({
        ...keys,
        HABU_API: " http://127.0.0.1:8080 ",
        HABU_ORGANIZATION: "org-1",
        HABU_SANDBOX_SPEED: "60",
        HABU_REQUEST_TIMEOUT: "1.5",
        HABU_CONCURRENCY: "3"
      })
      expect(config).toMatchObject({
        apiUrl: "http://127.0.0.1:8080/v1",
        organization: Option.some("org-1"),
        sandbox: true,
        speed: 60,
        requestTimeout: Duration.seconds(1.5),
        concurrency: 3
      })
    }))

  describe("HABU_API", () => {
    it.effect.each(
      [
        ["https://api.habu.com", "https://api.habu.com/v1"],
        ["https://api.habu.com/", "https://api.habu.com/v1"],
        ["https://api.habu.com/v1", "https://api.habu.com/v1"],
        ["https://api.habu.com/v1//", "https://api.habu.com/v1"],
        ["https://gateway.example/habu", "https://gateway.example/habu/v1"],
        ["http://localhost:4000", "http://localhost:4000/v1"],
        ["http://[::1]:4000/v1", "http://[::1]:4000/v1"],
        ["HTTPS://API.habu.com", "https://api.habu.com/v1"]
      ] as const
    )(
      "%s is %s",
      ([given, apiUrl]) =>
        Effect.map(read({ ...keys, HABU_API: given }), (config) => expect(config.apiUrl).toBe(apiUrl))
    )

    it.effect.each(
      [
        ["http://api.habu.com", /would send the secret unencrypted/],
        ["http://127.0.0.1.evil.example/v1", /unencrypted/],
        ["http://10.0.0.1", /unencrypted/],
        ["api.habu.com", /is not a web address/],
        ["ftp://api.habu.com", /is not a web address/],
        ["file:///etc/passwd", /is not a web address/],
        ["https://me:CANARY@api.habu.com", /holds more than a host and a path/],
        ["https://api.habu.com/v1?key=CANARY", /holds more than a host and a path/],
        ["https://api.habu.com/v1#x", /holds more than a host and a path/],
        ["", /HABU_API is set but empty/],
        ["${HABU_API}", /holds the literal text \$\{HABU_API\}.*define that variable/]
      ] as const
    )(
      "%s is refused",
      ([given, why]) => Effect.map(refused({ ...keys, HABU_API: given }), (sentence) => expect(sentence).toMatch(why))
    )
  })

  describe("HABU_SANDBOX_SPEED", () => {
    it.effect.each(
      [
        ["off this machine", { HABU_SANDBOX_SPEED: "60" }, /HABU_API is not on this machine\. Unset it/],
        ["no number", { HABU_API: "http://localhost:1", HABU_SANDBOX_SPEED: "fast" }, /is not a number of 1 or more/],
        [
          "slower than time",
          { HABU_API: "http://localhost:1", HABU_SANDBOX_SPEED: "0.5" },
          /is not a number of 1 or more/
        ],
        ["endless", { HABU_API: "http://localhost:1", HABU_SANDBOX_SPEED: "Infinity" }, /is not a number of 1 or more/]
      ] as const
    )(
      "is refused: %s",
      ([_, variables, why]) =>
        Effect.map(refused({ ...keys, ...variables }), (sentence) => expect(sentence).toMatch(why))
    )
  })

  it.effect.each(
    [
      ["HABU_REQUEST_TIMEOUT", "soon"],
      ["HABU_REQUEST_TIMEOUT", "0"],
      ["HABU_CONCURRENCY", "-1"],
      ["HABU_CONCURRENCY", "Infinity"]
    ] as const
  )(
    "refuses %s=%s",
    ([setting, value]) =>
      Effect.map(
        refused({ ...keys, [setting]: value }),
        (sentence) =>
          expect(sentence).toBe(`${setting} is not a number above 0. Give ${setting} a number, or unset it.`)
      )
  )

  it.effect.each(["HABU_ORGANIZATION", "HABU_SANDBOX_SPEED", "HABU_REQUEST_TIMEOUT", "HABU_CONCURRENCY"])(
    "refuses an empty or unfilled %s",
    (setting) =>
      Effect.gen(function*() {
        expect(yield* refused({ ...keys, [setting]: "  " })).toContain(`${setting} is set but empty`)
        expect(yield* refused({ ...keys, [setting]: `\${${setting}}` })).toContain("did not fill in")
      })
  )

  describe("credentials that are missing or wrong let the layer be built and say what to set", () => {
    it.effect.each(
      [
        ["no id", { HABU_API_SECRET: secret }, /^HABU_API_CLIENT is not set\. Set HABU_API_CLIENT to .*--sandbox\.$/],
        ["no secret", { HABU_API_CLIENT: id }, /^HABU_API_SECRET is not set\. .*HABU_API_SECRET_FILE/],
        ["neither", {}, /^HABU_API_CLIENT is not set/],
        ["an empty id", { ...keys, HABU_API_CLIENT: "" }, /^HABU_API_CLIENT is set but empty/],
        ["a blank secret", { ...keys, HABU_API_SECRET: " \n" }, /^HABU_API_SECRET is set but empty/],
        ["an unfilled id", { ...keys, HABU_API_CLIENT: "${CLIENT}" }, /literal text \$\{CLIENT\}/],
        ["an unfilled secret", { ...keys, HABU_API_SECRET: "${env:X}" }, /literal text \$\{env:X\}/],
        [
          "a file that is not there",
          { HABU_API_CLIENT_FILE: "/nowhere/x" },
          /HABU_API_CLIENT_FILE names a file that cannot/
        ],
        ["an empty file name", { HABU_API_CLIENT_FILE: "" }, /HABU_API_CLIENT_FILE is set but empty/],
        [
          "id and secret swapped",
          { HABU_API_CLIENT: secret, HABU_API_SECRET: id },
          /look swapped: the id has 64 characters and the secret 32\. Swap them/
        ]
      ] as const
    )(
      "%s",
      ([_, variables, why]) => Effect.map(withoutCredentials(variables), (sentence) => expect(sentence).toMatch(why))
    )

    it.effect("and the first call that needs them is the one that fails", () =>
      Effect.gen(function*() {
        const config = yield* read({})
        const error = yield* Effect.flip(Effect.provideService(HabuConfig.credentials, HabuConfig.HabuConfig, config))
        expect(error).toMatchObject({ _tag: "ConfigurationInvalid", setting: "HABU_API_CLIENT" })
      }))
  })

  it.effect("takes keys of another length: Habu may change it", () =>
    Effect.gen(function*() {
      const config = yield* read({ HABU_API_CLIENT: "short", HABU_API_SECRET: "also short" })
      expect(Either.isRight(config.credentials)).toBe(true)
    }))

  describe("…_FILE", () => {
    it.scoped("holds the value, with or without a line feed at its end", () =>
      Effect.gen(function*() {
        const files = yield* inFiles({ HABU_API_CLIENT: `${id}\n`, HABU_API_SECRET: secret })
        const { clientId, clientSecret } = Either.getOrThrow((yield* read(files)).credentials)
        expect([clientId, Redacted.value(clientSecret)]).toEqual([id, secret])
      }))

    it.scoped("gives way to the variable itself", () =>
      Effect.gen(function*() {
        const files = yield* inFiles({ HABU_API_SECRET: "from the file" })
        const { clientSecret } = Either.getOrThrow((yield* read({ ...keys, ...files })).credentials)
        expect(Redacted.value(clientSecret)).toBe(secret)
      }))

    it.scoped("may not name an empty file", () =>
      Effect.gen(function*() {
        const files = yield* inFiles({ HABU_API_SECRET: "\n" })
        expect(yield* withoutCredentials({ HABU_API_CLIENT: id, ...files })).toMatch(
          /^HABU_API_SECRET_FILE names an empty file\. Put the API key's primary key/
        )
      }))

    it.scoped("is held to the same rules", () =>
      Effect.gen(function*() {
        const files = yield* inFiles({ HABU_API_CLIENT: secret, HABU_API_SECRET: id })
        expect(yield* withoutCredentials(files)).toContain("look swapped")
        const unfilled = yield* inFiles({ HABU_API_SECRET: "${SECRET}" })
        expect(yield* withoutCredentials({ HABU_API_CLIENT: id, ...unfilled })).toContain("${SECRET}")
      }))
  })
})

describe("HabuConfig.make", () => {
  const clientSecret = Redacted.make(secret)

  it("takes what an embedder gives, with the same defaults", () => {
    expect(Either.getOrThrow(HabuConfig.make({ clientId: id, clientSecret }))).toMatchObject({
      apiUrl: "https://api.habu.com/v1",
      organization: Option.none(),
      sandbox: false,
      speed: 1,
      requestTimeout: Duration.seconds(30),
      concurrency: 8
    })
    expect(
      Either.getOrThrow(HabuConfig.make({
        apiUrl: "http://localhost:1",
        clientId: id,
        clientSecret,
        organization: "org",
        sandboxSpeed: 2,
        requestTimeout: "1 second",
        concurrency: 1
      }))
    ).toMatchObject({
      organization: Option.some("org"),
      sandbox: true,
      requestTimeout: Duration.seconds(1),
      concurrency: 1
    })
  })

  it("refuses an address that would give the secret away", () => {
    const config = HabuConfig.make({ apiUrl: "http://api.habu.com", clientId: id, clientSecret })
    expect(Either.isLeft(config)).toBe(true)
  })

  it("refuses empty credentials as the environment's are refused", () => {
    const { credentials } = Either.getOrThrow(HabuConfig.make({ clientId: id, clientSecret: Redacted.make("") }))
    assert(Either.isLeft(credentials))
    expect(credentials.left).toBeInstanceOf(HabuError.ConfigurationInvalid)
    expect(credentials.left.message).toContain("HABU_API_SECRET is set but empty")
  })

  it.effect("fails as a layer with what to set right", () =>
    Effect.gen(function*() {
      const layer = HabuConfig.layer({ apiUrl: "nonsense", clientId: id, clientSecret })
      const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
      expect(error.setting).toBe("HABU_API")
    }))
})
