/**
 * The walk through partners and users.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { at, id, room, type Sent, type Table, type Walk } from "./Walk.js"

const summer = room("summer")

const names = (items: ReadonlyArray<{ readonly name: string }>) => items.map(({ name }) => name)

/** A clean room whose parts are closed to the API user, one of another owner, and one that has ended. */
const [closed, others, ended] = [at(room("agency")), at(room("marketplace")), at(room("spring"))]

/** A clean room without partners yet: the contract shows one invitation of a clean room only. */
const fresh = (name: string) => (walk: Walk) =>
  Effect.map(
    walk.answer("createCleanroom", { body: { name, startAt: "2026-03-16", type: "Hybrid" } }),
    (json): Sent => ({ path: { cleanroomId: json.id } })
  )

const invitation = (email: string) => (walk: Walk) =>
  Effect.gen(function*() {
    const sent = yield* fresh(email)(walk)
    const json = yield* walk.answer("addCleanroomPartner", { ...sent, body: { partnerAdminEmail: email } })
    const invited: Sent = { path: { ...sent.path, invitationId: json.id }, query: { partnerEmail: email } }
    return invited
  })

const isWithdrawn = (json: { readonly id: string; readonly partnerAdminEmail: string }, walk: Walk, sent: Sent) =>
  Effect.map(walk.answer("listPartnerInvitationsForInviter", sent), (left) => {
    assert.strictEqual(json.partnerAdminEmail, sent.query?.["partnerEmail"])
    assert.deepStrictEqual(left, {})
  })

/** An invitation that its addressee has declined. */
const answered = (_: Sent, walk: Walk) => {
  const email = `declined-${walk.world.invitations.all().length}@partner.example`
  return Effect.tap(invitation(email)(walk), walk.sandbox.partner.decline(email))
}

const partner = (walk: Walk) =>
  Effect.map(walk.answer("getAllCleanroomPartners", summer), ([first]): Sent => ({
    path: { ...summer.path, cleanroomPartnerId: first.id }
  }))

const withRole = (name: string) => (sent: Sent, walk: Walk) =>
  Effect.map(
    walk.answer("getCleanroomPartnerRoles", sent),
    (roles): Sent => ({
      ...sent,
      path: { ...sent.path, cleanRoomRoleId: roles.find((role: { name: string }) => role.name === name).id }
    })
  )

/** A second person of the partner's, whom the partner's administrator let in. */
const partnerUser = (key: string) => (walk: Walk) =>
  Effect.gen(function*() {
    const sent = yield* withRole("Partner Viewer")(yield* partner(walk), walk)
    const { cleanRoomRoleId = "" } = { ...sent.path }
    walk.world.cleanRoomUsers.put({
      id: key,
      cleanRoomId: summer.path?.["cleanroomId"] ?? "",
      personId: id("person/Noah Kim"),
      roleId: cleanRoomRoleId,
      createdAt: 0,
      updatedAt: 0
    })
    return { ...sent, path: { ...sent.path, cleanroomUserId: key } }
  })

export const partners: Table = {
  listPartnerInvitationsForInviter: {
    sent: room("holiday"),
    shows: (json) => assert.deepInclude(json, { partnerAdminEmail: "noah.kim@fizzwell.example", Status: "PENDING" }),
    refuses: { 403: closed }
  },
  addCleanroomPartner: {
    sent: (walk) =>
      Effect.map(fresh("Joint Room")(walk), (sent) => ({
        ...sent,
        body: { partnerAdminEmail: "new@partner.example", invitationNote: "Join us" }
      })),
    shows: (json, walk, sent) =>
      Effect.map(walk.answer("listPartnerInvitationsForInviter", sent), (listed) => {
        assert.deepInclude(json, { Status: "PENDING", invitationNote: "Join us" })
        assert.deepStrictEqual(listed, json)
      }),
    refuses: {
      400: [
        (sent) => ({ ...sent, body: { partnerAdminEmail: "no address" } }),
        (_, walk) =>
          Effect.map(invitation("twice@partner.example")(walk), (sent) => ({
            ...sent,
            body: { partnerAdminEmail: "twice@partner.example" }
          }))
      ],
      403: [closed, others, ended]
    }
  },
  cancelPartnerInvitationById: {
    sent: invitation("by-id@partner.example"),
    shows: isWithdrawn,
    refuses: { 400: answered, 403: closed }
  },
  cancelPartnerInvitationByEmail: {
    sent: invitation("by-mail@partner.example"),
    shows: isWithdrawn,
    refuses: {
      400: answered,
      403: closed,
      404: (sent) => ({ ...sent, query: { partnerEmail: "nobody@partner.example" } })
    }
  },
  getAllCleanroomPartners: {
    sent: summer,
    shows: (json) => assert.deepStrictEqual(names(json), ["Fizzwell Beverages", "Lumen Street Media"]),
    refuses: { 403: closed }
  },
  getCleanroomPartnerById: {
    sent: partner,
    shows: (json) => {
      assert.strictEqual(json.name, "Fizzwell Beverages")
      assert.strictEqual(json.cleanRoomUsers[0].user.email, "dana.whitfield@fizzwell.example")
    },
    refuses: { 403: closed }
  },
  getCleanroomPartnerRoles: {
    sent: partner,
    shows: (json) => assert.deepStrictEqual(names(json), ["Partner Admin", "Partner Viewer"]),
    refuses: { 403: closed }
  },
  getCleanroomPartnerRoleByID: {
    sent: (walk) => Effect.flatMap(partner(walk), (sent) => withRole("Partner Viewer")(sent, walk)),
    shows: (json) => assert.strictEqual(json.name, "Partner Viewer"),
    refuses: { 403: closed }
  },
  updateCleanroomPartnerUserRole: {
    sent: partnerUser("noah"),
    shows: (json, walk, sent) =>
      Effect.map(walk.answer("getCleanroomPartnerById", sent), ({ cleanRoomUsers }) => {
        assert.strictEqual(json.role.name, "Partner Viewer")
        assert.deepInclude(cleanRoomUsers, json)
      }),
    refuses: { 403: [closed, withRole("Partner Admin")] }
  },
  deleteCleanroomPartnerUser: {
    sent: partnerUser("noah again"),
    shows: (json, walk, sent) =>
      Effect.map(walk.answer("getCleanroomPartnerById", sent), ({ cleanRoomUsers }) => {
        assert.deepStrictEqual(json, { success: true })
        assert.notInclude(cleanRoomUsers.map((item: { id: string }) => item.id), "noah again")
      }),
    refuses: { 403: closed }
  },
  deleteCleanroomPartner: {
    sent: partner,
    shows: (json, walk) =>
      Effect.map(walk.answer("getAllCleanroomPartners", summer), (left) => {
        assert.deepStrictEqual(json, { success: true })
        assert.deepStrictEqual(names(left), ["Lumen Street Media"])
      }),
    refuses: { 403: closed }
  }
}

const user = (email: string) => (walk: Walk) =>
  Effect.map(
    walk.answer("getCleanroomUsers", { ...summer, query: { cleanroomUserEmail: email } }),
    ([found]): Sent => ({ path: { ...summer.path, cleanroomUserId: found.id } })
  )

const role = (name: string) => (walk: Walk) =>
  Effect.map(walk.answer("getCleanroomRoles", summer), (roles): Sent => ({
    path: { ...summer.path, cleanRoomRoleId: roles.find((item: { name: string }) => item.name === name).id }
  }))

const tobias = { email: "tobias.lind@alderpine.example", role: "Viewer" }

export const users: Table = {
  getAllOrganizationUsers: {
    sent: { query: { limit: "2", offset: "1" } },
    shows: (json, walk) =>
      Effect.map(walk.answer("getAllOrganizationUsers"), (all) => {
        assert.strictEqual(all[0].user.id, walk.sandbox.clientId)
        assert.deepStrictEqual(json, all.slice(1, 3))
      })
  },
  getCleanroomRoles: {
    sent: summer,
    shows: (json) => assert.includeMembers(names(json), ["Administrator", "Viewer"]),
    refuses: { 403: closed }
  },
  getCleanroomRoleById: {
    sent: role("Administrator"),
    shows: (json) => assert.strictEqual(json.name, "Administrator"),
    refuses: { 403: closed }
  },
  getCleanroomUsers: {
    sent: summer,
    shows: (json) =>
      assert.include(
        json.map((item: { user: { email: string } }) => item.user.email),
        "jonas.beck@alderpine.example"
      ),
    refuses: { 403: closed, 404: (sent) => ({ ...sent, query: { cleanroomUserEmail: "nobody@alderpine.example" } }) }
  },
  addCleanroomUser: {
    sent: { ...summer, body: tobias },
    shows: (json, walk) =>
      Effect.gen(function*() {
        assert.strictEqual(json.role.name, "Viewer")
        const sent = { path: { ...summer.path, cleanroomUserId: json.id } }
        assert.deepStrictEqual(yield* walk.answer("getCleanroomUserById", sent), json)
      }),
    refuses: {
      400: (sent) => ({ ...sent, body: { ...tobias, role: "King" } }),
      403: [closed, ended],
      404: (sent) => ({ ...sent, body: { ...tobias, email: "nobody@alderpine.example" } }),
      409: (sent) => ({ ...sent, body: { ...tobias, email: "jonas.beck@alderpine.example" } })
    }
  },
  getCleanroomUserById: {
    sent: user("jonas.beck@alderpine.example"),
    shows: (json) => assert.strictEqual(json.user.email, "jonas.beck@alderpine.example"),
    refuses: { 403: closed }
  },
  updateCleanroomUserRole: {
    sent: (walk) =>
      Effect.zipWith(
        user("jonas.beck@alderpine.example")(walk),
        role("Administrator")(walk),
        (one, other): Sent => ({ path: { ...one.path, ...other.path } })
      ),
    shows: (json, walk, sent) =>
      Effect.map(walk.answer("getCleanroomUserById", sent), (read) => {
        assert.strictEqual(json.role.name, "Administrator")
        assert.deepStrictEqual(read, json)
      }),
    refuses: { 403: closed }
  },
  deleteCleanroomUser: {
    sent: user("jonas.beck@alderpine.example"),
    shows: (json, walk, sent) =>
      Effect.map(walk.ask("getCleanroomUserById", sent), ({ status }) => {
        assert.deepStrictEqual(json, { success: true })
        assert.strictEqual(status, 404)
      }),
    refuses: { 403: closed }
  }
}
