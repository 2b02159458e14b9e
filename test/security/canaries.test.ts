/**
 * What must never leave is planted, and every channel of the built command is looked through for it: answers, progress,
 * notifications, the log at its most talkative, the state folder, the audit file, and all that a collector gets.
 */
import { describe, expect, it } from "@effect/vitest"
import { LoggingMessageNotificationSchema } from "@modelcontextprotocol/sdk/types.js"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Seed from "../../src/sandbox/Seed.js"
import * as Host from "../e2e/host.js"
import * as Collector from "../support/Collector.js"

const planted = {
  HABU_CREDENTIAL_ID: "AKIACANARY0000000001",
  HABU_CREDENTIAL_SECRET: "canary/credential/of/forty/characters000",
  HABU_CREDENTIAL_ARN: "arn:aws:iam::000000000001:user/canary",
  HABU_CREDENTIAL_REGION: "canary-region-1"
}

// Put together by the query, so that it stands in no argument.
const row = "CANARY-of-a-row"
const rowOf = "'CANARY-' || 'of-a-row'"

const contents = (folder: string) =>
  fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => fs.readFileSync(`${entry.parentPath}/${entry.name}`, "latin1"))
    .join("\n")

const connection = (secret: string) => ({
  source: "CLIENT_AWS",
  data_type: "CRM",
  credential: "Canary AWS",
  credential_values: {
    AWS_ACCESS_KEY_ID: "HABU_CREDENTIAL_ID",
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_USER_ARN: "HABU_CREDENTIAL_ARN",
    AWS_REGION: "HABU_CREDENTIAL_REGION"
  },
  connections: [{
    name: "With a new credential",
    parameters: {
      DataLocation: "s3://alder-pine-data/retail_crm/",
      FileFormat: "Parquet",
      SampleFilePath: "",
      JobFrequency: "DAILY",
      RefreshType: "INCREMENTAL",
      IdentifierType: "ID"
    }
  }]
})

describe("secrets and rows", () => {
  it.live("are on no channel and in no file", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.make({ speed: 3600, rows: 300 })
      const collector = yield* Collector.make()
      const state = yield* Host.folder
      const settings = Host.settingsFor(sandbox, state)
      const host = yield* Host.start(["--toolsets", "all", "--log-level", "trace", "--log-format", "json"], {
        ...settings,
        ...planted,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=CANARY-collector-key"
      })
      const notices: Array<unknown> = []
      host.client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void notices.push(params))
      const retrieve = (sql: string) => host.call("retrieve_and_analyze_results", { question: Seed.hero, sql })
      const replies = [
        yield* host.call("health_check"),
        yield* host.call("test_connection"),
        yield* host.call("find_resources", { kind: "data_connections" }),
        yield* host.call("execute_question_workflow", {
          question: Seed.hero,
          parameters: { "exposures.date_start": "2026-09-01", "exposures.date_end": "2026-10-31" }
        }),
        yield* host.call("establish_data_connection", connection("HABU_CREDENTIAL_SECRET")),
        yield* host.call("establish_data_connection", connection(planted.HABU_CREDENTIAL_SECRET))
      ]
      const preview = yield* host.call("call_api_operation", {
        operation: "addCleanroomPartner",
        path: { cleanroomId: sandbox.world.cleanRooms.all()[0]?.id },
        body: { partnerAdminEmail: "ana@fizzwell.example" }
      })
      const code = (preview.structured?.["confirmation"] as { readonly code: string } | undefined)?.code ?? ""
      expect(code).toMatch(/^\w{10}$/)
      const shown = [
        yield* retrieve(`SELECT ${rowOf} AS x FROM results`),
        yield* retrieve(`SELECT CAST(${rowOf} AS INTEGER) AS x FROM results`)
      ]
      expect(shown.map(({ text }) => text)).toEqual([expect.stringContaining(row), expect.stringContaining(row)])
      yield* sandbox.faults.add({ operation: "*", kind: "status", status: 500 })
      // Twice, so that the breaker opens and the person at the host is told.
      for (const kind of ["users", "users"]) replies.push(yield* host.call("find_resources", { kind }))
      yield* Effect.promise(() => host.client.close())

      const audited = fs.readFileSync(`${state}/audit/audit.jsonl`, "utf8")
      const exported = collector.received.map(({ body }) => body.toString("utf8")).join("\n")
      const heard = {
        replies: JSON.stringify(replies),
        notices: JSON.stringify(notices),
        stderr: host.stderr(),
        strays: host.strays().join("\n"),
        state: contents(state),
        audited,
        exported
      }
      // The looking is only worth something where there is something to be seen.
      expect(heard.stderr).toContain("Habu request")
      expect(heard.audited).toContain("createOrganizationCredential")
      expect(heard.notices).toContain("in a row")
      for (const signal of ["traces", "metrics", "logs"] as const) {
        expect(collector.bodies(signal).length, signal).toBeGreaterThan(0)
      }
      expect(exported).toContain("mcp.establish_data_connection")
      const secret = settings["HABU_API_SECRET"] ?? "none"
      const canaries = [
        secret,
        Buffer.from(`${settings["HABU_API_CLIENT"]}:${secret}`).toString("base64"),
        ...Object.values(planted),
        "CANARY-collector-key"
      ]
      for (const [channel, text] of Object.entries(heard)) {
        for (const canary of canaries) expect(text, channel).not.toContain(canary)
        // Every JWT begins so; none of any kind may be anywhere.
        expect(text, channel).not.toMatch(/eyJ[A-Za-z0-9_-]{20,}/)
        expect(text, channel).not.toContain(row)
        expect(text, channel).not.toContain(code)
      }
    }).pipe(Effect.scoped), 60_000)

  it.live("the password of a store that cannot be reached is in no complaint about it", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.make({ rows: 300 })
      const password = "CANARY-redis-password"
      const host = yield* Host.start(["--log-level", "trace"], {
        ...Host.settingsFor(sandbox, `redis://habu:${password}@127.0.0.1:1/0`),
        HABU_AUDIT: "memory"
      })
      const replies = [yield* host.call("health_check"), yield* host.call("find_resources", { kind: "clean_rooms" })]
      expect(replies[1]?.isError).toBe(true)
      expect(JSON.stringify(replies)).toContain("127.0.0.1:1")
      expect(JSON.stringify(replies) + host.stderr() + host.strays().join()).not.toContain(password)
    }).pipe(Effect.scoped), 30_000)
})
