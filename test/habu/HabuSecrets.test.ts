import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { inspect } from "node:util"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as Memory from "../../src/state/Memory.js"
import * as Backends from "../support/Backends.js"
import * as Client from "../support/Client.js"
import * as FakeHabu from "../support/FakeHabu.js"
import * as Logs from "../support/Logs.js"
import * as Progress from "../support/Progress.js"

type Client = HabuClient.Service

const clientSecret = "CANARY-client-secret".padEnd(64, "0")
const accessToken = FakeHabu.jwt({ iat: 0, exp: 43_200, who: "CANARY-token" })
const credential = "CANARY-credential {\"private_key\": \"-----BEGIN\nCANARY-key\"}"

const canaries = [
  clientSecret,
  accessToken,
  ...accessToken.split(".").slice(1, 2),
  "CANARY-",
  Buffer.from(`${Client.clientId}:${clientSecret}`).toString("base64"),
  Buffer.from(accessToken).toString("base64").slice(0, 100)
]

const expectClean = (what: string, text: string) => {
  for (const canary of canaries) expect(text, what).not.toContain(canary)
}

/** Calls Habu and gives all that is left behind: what the caller got, the log and the stored state. */
const traces = (habu: FakeHabu.FakeHabu, body: (client: Client) => Effect.Effect<unknown, unknown>) =>
  Effect.gen(function*() {
    const logs = Logs.make()
    const backend = yield* Memory.make
    habu.on(FakeHabu.tokenPath, { json: { accessToken, expiresIn: 43_200 } })
    const exit = yield* Effect.flatMap(HabuClient.HabuClient, body).pipe(
      Effect.exit,
      Effect.provide(Client.client({ habu, backend, config: { clientSecret: Redacted.make(clientSecret) } })),
      Effect.provide(logs.layer)
    )
    const shown = Exit.isFailure(exit) ? Cause.pretty(exit.cause, { renderErrorCause: true }) : ""
    return {
      exit,
      logs,
      answer: `${inspect(exit, { depth: 20, showHidden: true })} ${JSON.stringify(exit)} ${shown}`,
      stored: yield* Backends.contents(backend)
    }
  })

const createCredential = (client: Client) =>
  Progress.run(client.createOrganizationCredential({
    payload: {
      name: "mine",
      credentialSourceId: "s",
      credentials: [{ name: "serviceAccountKey", value: Redacted.make(credential) }]
    }
  }))

describe("secrets", () => {
  it.effect.each<readonly [string, FakeHabu.Answer]>([
    ["takes them", { json: { id: "oc", credentials: [{ name: "serviceAccountKey", value: credential }] } }],
    ["repeats them in its message", { status: 400, json: { message: `Invalid: ${credential}`, code: 400 } }],
    ["repeats them in other words", {
      status: 400,
      json: { code: 400, details: [`Invalid: ${credential}`], hint: credential }
    }],
    ["repeats the token", { status: 401, json: { message: `Invalid JWT serialization: ${accessToken}` } }],
    ["repeats them on a page", { status: 500, text: `<html>${credential} ${accessToken}</html>` }],
    ["answers with something else", { json: { id: { value: credential } } }],
    ["breaks off", { json: { credentials: [{ name: "x", value: credential }] }, cut: true }],
    ["is not there", { fails: "ECONNREFUSED" }],
    ["is gone", { fails: "ECONNRESET" }]
  ])("are nowhere when Habu %s", ([_, answer]) =>
    Effect.gen(function*() {
      const habu = FakeHabu.make()
      habu.on("POST /organization-credentials", answer)
      const { answer: got, logs, stored } = yield* traces(habu, createCredential)
      expect(JSON.parse(habu.calls()[0]?.body ?? "{}")).toMatchObject({ credentials: [{ value: credential }] })
      expectClean("what the caller got", got)
      expectClean("the log", logs.text())
      expectClean("the state", stored)
      expect(logs.lines.filter(({ message }) => message === "Habu request")).toHaveLength(2)
      expect(stored).toContain("token/access")
    }))

  it.effect("are nowhere when the token endpoint fails with them in its mouth", () =>
    Effect.gen(function*() {
      const habu = FakeHabu.make()
      const { answer, logs, stored } = yield* traces(habu, (client) => {
        habu.on(FakeHabu.tokenPath, { status: 401, json: { message: `No such key: ${clientSecret}` } })
        return Progress.run(client.getAllCleanrooms({ urlParams: {} }))
      })
      expect(answer).toContain("No such key: <redacted>")
      for (const text of [answer, logs.text(), stored]) expectClean("all", text)
    }))

  it.effect("are not in what is polled, nor are rows of a result in the log", () =>
    Effect.gen(function*() {
      const habu = FakeHabu.make()
      const run = { id: "run-1", runMetadata: { saltKey: "CANARY-salt" } }
      habu.on("GET /cleanroom-question-runs/run-1", { json: run })
      habu.on("GET /cleanroom-question-runs/run-1/data", { json: { stats: [{ mail: "CANARY-row" }] } })
      habu.on("GET /cleanroom-question-runs/run-1/download/a.csv", { text: "CANARY-row" })
      habu.on("GET /cleanroom-question-runs/run-1/download/b.json", { json: [{ mail: "CANARY-row" }] })
      const path = { cleanroomQuestionRunId: "run-1" }
      const { exit, logs, stored } = yield* traces(habu, (client) =>
        Effect.gen(function*() {
          expect(inspect(yield* Progress.run(client.getCleanroomQuestionRunById({ path })))).not.toContain("CANARY")
          yield* Progress.run(client.getCleanroomQuestionRunData({ path, urlParams: {} }))
          for (const fileName of ["a.csv", "b.json"]) {
            yield* Progress.run(client.getCleanroomQuestionRunOutputFile({ path: { ...path, fileName } }))
          }
        }))
      expect(exit).toEqual(Exit.void)
      expect(habu.calls()).toHaveLength(4)
      for (const text of [logs.text(), stored]) expectClean("all", text)
    }))
})

describe("the log at level debug", () => {
  it.effect("has a line for each request: what, where, how it went and how long it took", () =>
    Effect.gen(function*() {
      const habu = FakeHabu.make()
      habu.on("GET /cleanrooms/r-1", {
        json: { id: "r-1", name: "Retail" },
        headers: { "x-request-id": "req-1,req-1" },
        delay: "700 millis"
      })
      const { logs } = yield* traces(habu, (client) =>
        Progress.run(client.getCleanroomById({ path: { cleanroomId: "r-1" } })))
      expect(
        logs.lines.filter(({ level }) =>
          level === "DEBUG"
        ).at(-1)
      ).toMatchObject({
        message: "Habu request",
        annotations: {
          operation: "getCleanroomById",
          method: "GET",
          path: "/cleanrooms/:cleanroomId",
          status: 200,
          millis: 700,
          request_id: "req-1",
          sent: "",
          received: "{\"id\":\"r-1\",\"name\":\"Retail\"}"
        }
      })
    }))

  it.effect("shows bodies without what is secret in them", () =>
    Effect.gen(function*() {
      const habu = FakeHabu.make()
      habu.on("POST /organization-credentials", { status: 400, json: { message: "Bad name" } })
      const { logs } = yield* traces(habu, createCredential)
      expect(logs.lines.at(-1)?.annotations).toMatchObject({
        status: 400,
        sent: "{\"name\":\"mine\",\"credentialSourceId\":\"s\",\"credentials\":" +
          "[{\"name\":\"serviceAccountKey\",\"value\":\"<redacted>\"}]}",
        received: "{\"message\":\"Bad name\"}"
      })
      expect(logs.lines).toHaveLength(3)
    }))

  it.effect("also tells of requests that nobody answered, and counts what is no JSON", () =>
    Effect.gen(function*() {
      const habu = FakeHabu.make()
      habu.on("GET /cleanrooms", { fails: "ECONNRESET" }, { status: 502, text: "<html></html>" }, { json: [] })
      const { logs } = yield* traces(habu, (client) => Progress.run(client.getAllCleanrooms({ urlParams: {} })))
      const lines = logs.lines.filter(({ annotations }) => annotations["operation"] === "getAllCleanrooms")
      expect(lines.map(({ annotations }) => [annotations["status"], annotations["received"]])).toEqual([
        ["none", "<0 characters>"],
        [502, "<13 characters>"],
        [200, "[]"]
      ])
      expect(lines[0]?.annotations).toMatchObject({ request_id: "none" })
    }))

  it.effect("is not written, and bodies are not looked at, at the usual level", () =>
    Effect.gen(function*() {
      const habu = FakeHabu.make()
      const messages: Array<unknown> = []
      habu.on("GET /cleanrooms", { json: [] })
      yield* Effect.flatMap(HabuClient.HabuClient, (client) => Progress.run(client.getAllCleanrooms({ urlParams: {} })))
        .pipe(
          Effect.provide(Client.client({ habu })),
          Effect.provide(
            Logger.replace(Logger.defaultLogger, Logger.make(({ message }) => void messages.push(message)))
          ),
          Logger.withMinimumLogLevel(LogLevel.Info)
        )
      expect(messages.flat()).toEqual(["Minted an access token"])
      yield* TestClock.adjust(0)
    }))
})
