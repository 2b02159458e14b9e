import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { start } from "./harness.js"

const summer = "Fizzwell Summer Campaign"

interface Named {
  readonly id: string
  readonly name: string
}

const begin = (name: string) =>
  Effect.gen(function*() {
    const harness = yield* start()
    const path = `/cleanrooms/${yield* harness.cleanRoomId(name)}`
    const roleId = (wanted: string) =>
      Effect.map(
        harness.get(`${path}/cleanRoomRoles`),
        ({ json }): string => json.find((role: Named) => role.name === wanted).id
      )
    return { ...harness, path, roleId }
  })

describe("users", () => {
  it.scoped("of the organisation include the API user, named as live", () =>
    Effect.gen(function*() {
      const { get, sandbox } = yield* begin(summer)
      const { json } = yield* get("/users")
      assert.lengthOf(json, 6)
      assert.deepStrictEqual(json[0], {
        roleName: "API Administrator",
        user: {
          id: sandbox.clientId,
          name: `API User ${sandbox.clientId}`,
          email: `api-user-${sandbox.clientId.toLowerCase()}@habu.com`
        }
      })
      assert.deepStrictEqual((yield* get("/users?limit=1&offset=1")).json, [json[1]])
    }))

  it.scoped("are added to a clean room once, by mail address and role", () =>
    Effect.gen(function*() {
      const { call, get, path } = yield* begin(summer)
      const add = (email: string, role: string) => call("POST", `${path}/users`, { email, role })
      const added = yield* add("Tobias.Lind@alderpine.example", "viewer")
      assert.strictEqual(added.status, 200)
      assert.strictEqual(added.json.role.name, "Viewer")
      assert.strictEqual((yield* add("tobias.lind@alderpine.example", "Viewer")).status, 409)
      assert.strictEqual((yield* add("nobody@alderpine.example", "Viewer")).status, 404)
      assert.strictEqual((yield* add("elena.duarte@alderpine.example", "King")).status, 400)
      assert.strictEqual((yield* call("POST", `${path}/users`, {})).status, 400)
      const { json: [found] } = yield* get(`${path}/users?cleanroomUserEmail=tobias.lind@alderpine.example`)
      assert.deepStrictEqual(found, added.json)
      assert.deepStrictEqual((yield* get(`${path}/users/${added.json.id}`)).json, added.json)
    }))

  it.scoped("change roles and leave", () =>
    Effect.gen(function*() {
      const { call, get, path, roleId } = yield* begin(summer)
      const { json: [user] } = yield* get(`${path}/users?cleanroomUserEmail=jonas.beck@alderpine.example`)
      const administrator = yield* roleId("Administrator")
      yield* call("PUT", `${path}/users/${user.id}/cleanRoomRoles/${administrator}`)
      assert.strictEqual((yield* get(`${path}/users/${user.id}`)).json.role.name, "Administrator")
      assert.strictEqual((yield* get(`${path}/cleanRoomRoles/${administrator}`)).json.name, "Administrator")
      assert.strictEqual((yield* call("PUT", `${path}/users/${user.id}/cleanRoomRoles/none`)).status, 404)
      assert.deepStrictEqual((yield* call("DELETE", `${path}/users/${user.id}`)).json, { success: true })
      assert.strictEqual((yield* get(`${path}/users/${user.id}`)).status, 404)
    }))

  it.scoped("that are the API user take the clean room out of its sight when they leave", () =>
    Effect.gen(function*() {
      const { call, get, path, sandbox } = yield* begin(summer)
      const email = `api-user-${sandbox.clientId.toLowerCase()}@habu.com`
      const { json: [self] } = yield* get(`${path}/users?cleanroomUserEmail=${email}`)
      yield* call("DELETE", `${path}/users/${self.id}`)
      assert.strictEqual((yield* get(path)).status, 404)
      const { json } = yield* get("/cleanrooms")
      assert.lengthOf(json, 6)
    }))

  it.scoped("that are the API user read and no more unless they are administrators, and see nothing once they are out", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, get, path, questionId, roleId, sandbox } = yield* begin(summer)
      const cleanroomId = yield* cleanRoomId(summer)
      const question = yield* questionId(summer, "Exposed Buyers - User List")
      const email = `api-user-${sandbox.clientId.toLowerCase()}@habu.com`
      const { json: [self] } = yield* get(`${path}/users?cleanroomUserEmail=${email}`)
      const viewer = yield* roleId("Viewer")
      const demoted = yield* call("PUT", `${path}/users/${self.id}/cleanRoomRoles/${viewer}`)
      assert.strictEqual(demoted.json.role.name, "Viewer")
      const statusOf = (method: string, url: string, body?: unknown) =>
        Effect.map(call(method, url, body), ({ status }) => status)
      const run = statusOf("POST", `/cleanroom-questions/${question}/create-run`, { name: "run", parameters: {} })
      const parts = ["partners", "users", "invitations", "datasets"].map((part) => `${path}/${part}`)
      for (const url of parts) assert.strictEqual(yield* statusOf("GET", url), 403, url)
      for (const url of [path, `/cleanroom-questions/${question}`, `${path}/cleanroom-questions`]) {
        assert.strictEqual(yield* statusOf("GET", url), 200, url)
      }
      assert.strictEqual(yield* run, 403)
      assert.strictEqual(yield* statusOf("DELETE", path), 403)
      assert.strictEqual(yield* statusOf("POST", `${path}/cleanroom-flows/list`, { limit: 1 }), 200)
      const others = yield* cleanRoomId("Lumen Street Audience Marketplace")
      assert.strictEqual(yield* statusOf("GET", `/cleanrooms/${others}/partners`), 200)
      yield* sandbox.setRights({ cleanroomId, role: "none" })
      for (const url of [path, ...parts, `/cleanroom-questions/${question}`]) {
        assert.strictEqual(yield* statusOf("GET", url), 404, url)
      }
      assert.strictEqual(yield* run, 404)
      assert.lengthOf((yield* get("/cleanrooms")).json, 6)
      yield* sandbox.setRights({ cleanroomId, role: "Administrator", denied: ["datasets"] })
      assert.strictEqual(yield* statusOf("GET", `${path}/users`), 200)
      assert.strictEqual(yield* statusOf("GET", `${path}/datasets`), 403)
    }))
})

describe("partners", () => {
  it.scoped("are listed with their people, and each has its roles", () =>
    Effect.gen(function*() {
      const { get, path } = yield* begin(summer)
      const { json } = yield* get(`${path}/partners`)
      assert.deepStrictEqual(json.map((partner: Named) => partner.name), ["Fizzwell Beverages", "Lumen Street Media"])
      assert.strictEqual(json[0].userCount, 1)
      assert.strictEqual(json[0].cleanRoomUsers[0].user.email, "dana.whitfield@fizzwell.example")
      assert.notStrictEqual(json[0].id, json[0].partnerOrganizationId)
      assert.deepStrictEqual((yield* get(`${path}/partners/${json[0].id}`)).json, json[0])
      const { json: roles } = yield* get(`${path}/partners/${json[0].id}/cleanRoomRoles`)
      assert.deepStrictEqual(roles.map((role: Named) => role.name), ["Partner Admin", "Partner Viewer"])
      const one = yield* get(`${path}/partners/${json[0].id}/cleanRoomRoles/${roles[1].id}`)
      assert.deepStrictEqual(one.json, roles[1])
    }))

  it.scoped("can be forbidden in one clean room while all else is open", () =>
    Effect.gen(function*() {
      const { get, path } = yield* begin("Kestrel Reporting")
      const { json, status } = yield* get(`${path}/partners`)
      assert.strictEqual(status, 403)
      assert.deepStrictEqual(Object.keys(json), ["timestamp", "status", "error", "message", "path"])
      assert.include(json.message, "permission")
      for (const part of ["", "/users", "/invitations", "/datasets", "/stakeholders"]) {
        assert.strictEqual((yield* get(`${path}${part}`)).status, 200)
      }
    }))

  it.scoped("come by invitation: pending, then accepted by the partner, then there", () =>
    Effect.gen(function*() {
      const { call, get, path, sandbox } = yield* begin("Holiday Planning")
      const email = "owen.marsh@kestrel.example"
      const invited = yield* call("POST", `${path}/partners`, { partnerAdminEmail: email, invitationNote: "Join us" })
      assert.deepInclude(invited.json, { partnerAdminEmail: email, Status: "PENDING", invitationNote: "Join us" })
      assert.isString(invited.json.InvitorEmail)
      assert.isFalse("partnerOrganizationId" in invited.json)
      assert.deepStrictEqual((yield* get(`${path}/partners`)).json, [])
      assert.strictEqual((yield* call("POST", `${path}/partners`, { partnerAdminEmail: email })).status, 400)
      yield* sandbox.clock.advance("2 hours")
      yield* sandbox.partner.accept(email)
      const { json: list } = yield* get(`${path}/invitations`)
      const accepted = list.find((item: { id: string }) => item.id === invited.json.id)
      assert.strictEqual(accepted.Status, "ACCEPTED")
      assert.isAbove(Date.parse(accepted.timeAudit.updatedAt), Date.parse(accepted.timeAudit.createdAt))
      const { json: partners } = yield* get(`${path}/partners`)
      assert.strictEqual(partners[0].name, "Kestrel Agency")
      assert.strictEqual(partners[0].partnerOrganizationId, accepted.partnerOrganizationId)
      assert.deepStrictEqual((yield* get(path)).json.partners, ["Kestrel Agency"])
      assert.strictEqual((yield* call("DELETE", `${path}/invitations/${invited.json.id}`)).status, 400)
    }))

  it.scoped("may decline, and an invitation may be cancelled by id or address", () =>
    Effect.gen(function*() {
      const { call, get, path, sandbox } = yield* begin("Holiday Planning")
      const statuses = Effect.map(get(`${path}/invitations`), ({ json }) =>
        json.map((item: { Status: string }) => item.Status))
      assert.deepStrictEqual(yield* statuses, ["PENDING"])
      yield* sandbox.partner.decline("noah.kim@fizzwell.example")
      assert.deepStrictEqual(yield* statuses, ["DECLINED"])
      const again = yield* Effect.flip(sandbox.partner.accept("noah.kim@fizzwell.example"))
      assert.strictEqual(again._tag, "NoInvitation")
      const invite = (partnerAdminEmail: string) =>
        call("POST", `${path}/partners`, { partnerAdminEmail })
      const { json: first } = yield* invite("a@partner.example")
      yield* invite("b@partner.example")
      assert.strictEqual(
        (yield* call("DELETE", `${path}/invitations/${first.id}`)).json.partnerAdminEmail,
        "a@partner.example"
      )
      yield* call("DELETE", `${path}/invitations?partnerEmail=B@partner.example`)
      assert.deepStrictEqual(yield* statuses, ["DECLINED"])
      assert.strictEqual((yield* call("DELETE", `${path}/invitations?partnerEmail=c@partner.example`)).status, 404)
      assert.strictEqual((yield* call("DELETE", `${path}/invitations`)).status, 400)
      assert.strictEqual((yield* invite("no address")).status, 400)
    }))

  it.scoped("give Partner Viewer here, but not Partner Admin", () =>
    Effect.gen(function*() {
      const { call, get, path, sandbox } = yield* begin(summer)
      const { json: [partner] } = yield* get(`${path}/partners`)
      const { json: [admin, viewer] } = yield* get(`${path}/partners/${partner.id}/cleanRoomRoles`)
      const person = sandbox.world.people.find(({ name }) => name === "Noah Kim")
      const { id } = sandbox.world.cleanRoomUsers.put({
        id: "noah",
        cleanRoomId: path.split("/").at(-1) ?? "",
        personId: person?.id ?? "",
        roleId: viewer.id,
        createdAt: 0,
        updatedAt: 0
      })
      const set = (user: string, role: string) =>
        call("PUT", `${path}/partners/${partner.id}/users/${user}/cleanRoomRoles/${role}`)
      assert.strictEqual((yield* set(id, viewer.id)).json.role.name, "Partner Viewer")
      assert.strictEqual((yield* set(id, admin.id)).status, 403)
      assert.strictEqual((yield* set(partner.cleanRoomUsers[0].id, viewer.id)).status, 403)
      yield* call("DELETE", `${path}/partners/${partner.id}/users/${id}`)
      assert.strictEqual((yield* get(`${path}/partners/${partner.id}`)).json.userCount, 1)
    }))

  it.scoped("take their people and datasets along when they are removed", () =>
    Effect.gen(function*() {
      const { call, get, path, questionId } = yield* begin(summer)
      const question = yield* questionId(summer, "6: Attribute Level Overlap - Loyalty Tier")
      const status = Effect.map(get(`/cleanroom-questions/${question}`), ({ json }) => json.status)
      assert.strictEqual(yield* status, "READY")
      const { json: [partner] } = yield* get(`${path}/partners`)
      assert.deepStrictEqual((yield* call("DELETE", `${path}/partners/${partner.id}`)).json, { success: true })
      assert.deepStrictEqual((yield* get(path)).json.partners, ["Lumen Street Media"])
      assert.strictEqual(yield* status, "MISSING_DATASETS")
    }))
})
