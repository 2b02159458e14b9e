/**
 * Changes to the partners of a clean room: invited again, taken out, their people's roles.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { InvitationDetail } from "../../habu/api/Partners.js"
import type { CleanRoomUser } from "../../habu/api/Users.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, known, type Named, pick, resolve } from "../../habu/HabuDirectory.js"
import type { HabuState } from "../../habu/HabuState.js"
import * as Gone from "../Gone.js"
import * as Invitations from "../partner/Invitations.js"
import * as Plan from "../Plan.js"
import type { WatchList } from "../WatchList.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import type * as Adding from "./Adding.js"
import * as Contents from "./Contents.js"
import * as Inviting from "./Inviting.js"

type Item = Plan.Change<HabuClient | HabuState | WatchList> | Plan.Step

const shownEmail = (email: string) => Words.said(email, 254) ?? ""

const withdrawing = (place: Adding.Place, email: string, { id }: InvitationDetail): Item => {
  const step = `withdraw the invitation of ${shownEmail(email)}`
  return {
    step,
    grade: "outward",
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      const cleanroomId = yield* place.id
      const cancelled = id === undefined
        ? habu.cancelPartnerInvitationByEmail({ path: { cleanroomId }, urlParams: { partnerEmail: email } })
        : habu.cancelPartnerInvitationById({ path: { cleanroomId, invitationId: id } })
      // A repeated deletion finds nothing.
      yield* Effect.catchTag(cancelled, "NotFound", () => Effect.void)
    }),
    shown: Effect.gen(function*() {
      const invitations = yield* Contents.part(yield* place.id, "invitations")
      return !invitations.some((one) =>
        Invitations.isTo(email)(one) && Invitations.isWaiting(one) && (id === undefined || one.id === id)
      )
    })
  }
}

/**
 * Withdraws invitations that wait for an answer (operation `cancelPartnerInvitationById`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const withdraw = (place: Adding.Place, emails: ReadonlyArray<string>): ReadonlyArray<Item> =>
  emails.map((email) => {
    const step = `withdraw the invitation of ${shownEmail(email)}`
    const [blocked] = Contents.blocked(step, [place.contents.invitations])
    if (blocked !== undefined) return blocked
    const standing = Inviting.standing(email, place.contents)
    switch (standing._tag) {
      case "Waiting":
        return withdrawing(place, email, standing.invitation)
      case "Joined":
        return Plan.already(
          step,
          "It was accepted, so there is nothing to withdraw; remove_partner takes the partner out."
        )
      default:
        return Plan.already(step, "No invitation of this address waits for an answer.")
    }
  })

/**
 * Invites again: Habu resends nothing, so an invitation that waits is withdrawn first. One that was sent within the last
 * day is left alone.
 *
 * @since 0.1.0
 * @category constructors
 */
export const reinvite = Effect.fnUntraced(function*(
  place: Adding.Place,
  emails: ReadonlyArray<string>,
  note: string | undefined
) {
  const now = yield* Clock.currentTimeMillis
  return emails.flatMap((email): ReadonlyArray<Item> => {
    const step = Inviting.step(email)
    const blocked = Contents.blocked(step, [place.contents.invitations])
    if (blocked.length > 0) return blocked
    const invitation = (needs: ReadonlyArray<string>) =>
      Inviting.change({ email, note, cleanRoom: place.title, cleanRoomId: place.id, key: place.key, needs })
    const standing = Inviting.standing(email, place.contents)
    switch (standing._tag) {
      case "Joined":
        return [Plan.already(step, "This partner has joined.")]
      case "Waiting": {
        if (Invitations.isFresh(standing.invitation, now)) {
          return [Plan.already(step, "The invitation was sent within the last day; no second mail was sent.")]
        }
        const first = withdrawing(place, email, standing.invitation)
        return [first, invitation([first.step])]
      }
      default:
        return [invitation([])]
    }
  })
})

const partnersOf = ({ contents }: Adding.Place) => known(Contents.items(contents.partners))

const removal = Effect.fnUntraced(function*(place: Adding.Place, reference: string) {
  const partners = partnersOf(place)
  const byUser = partners.filter(({ cleanRoomUsers = [] }) =>
    cleanRoomUsers.some(({ user }) => Contents.same(user?.email, reference))
  )
  const kind = `partner of ${place.key}`
  const picked = byUser.length === 1 ? undefined : pick("partner", reference, partners)
  const partner = picked === undefined ? byUser[0] : picked._tag === "Right" ? picked.right : undefined
  if (partner === undefined) {
    const since = yield* Gone.since(kind, reference)
    return since === undefined && picked?._tag === "Left"
      ? yield* Effect.fail(picked.left)
      : Plan.already(`remove the partner ${Words.said(reference) ?? ""}`, "It was removed before.")
  }
  const title = Words.title(partner)
  const datasets = Contents.items(place.contents.datasets).filter(({ organizationName }) =>
    Contents.same(organizationName, partner.name)
  )
  return {
    step: `remove the partner ${title}`,
    grade: "destructive",
    preview: `remove the partner ${title} from ${place.title} for good, with ${
      Words.count(partner.userCount ?? partner.cleanRoomUsers?.length ?? 0, "person", "people")
    } and ${Words.count(datasets.length, "dataset")}${
      datasets.length === 0 ? "" : ` (${datasets.slice(0, 5).map(Words.title).join(", ")})`
    }; questions that read them stop being READY`,
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      yield* Gone.removing(kind, [reference, partner.name, partner.id])
      yield* habu.deleteCleanroomPartner({ path: { cleanroomId: yield* place.id, cleanroomPartnerId: partner.id } })
        .pipe(
          Effect.flatMap(Plan.confirmed("deleteCleanroomPartner")),
          Effect.catchTag("NotFound", () => Effect.void)
        )
    }),
    shown: Effect.map(
      Effect.flatMap(place.id, (id) => Contents.part(id, "partners")),
      (left) => !left.some(({ id }) => id === partner.id)
    )
  } satisfies Item
})

/**
 * Takes partners out by name, id or the mail address of one of their people (operation `deleteCleanroomPartner`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const remove = Effect.fnUntraced(function*(place: Adding.Place, references: ReadonlyArray<string>) {
  const { partners } = place.contents
  const [blocked] = Contents.blocked("remove partners", [partners])
  if (blocked !== undefined) return [blocked]
  const items = yield* Effect.forEach(references, (reference) => removal(place, reference))
  return items.filter((item, index) => items.findIndex(({ step }) => step === item.step) === index)
})

interface Member extends Named {
  readonly partnerId: string
  readonly user: Known<CleanRoomUser>
}

const membersOf = (place: Adding.Place): ReadonlyArray<Member> =>
  partnersOf(place).flatMap(({ cleanRoomUsers = [], id }) =>
    known(cleanRoomUsers.map((one) => ({ ...one, name: one.user?.name ?? "" }))).map((user) => ({
      ...Workflow.compact({ id: user.id, name: user.user?.name, displayId: user.user?.email }),
      partnerId: id,
      user
    }))
  )

const isAdministrative = (role: string | undefined) => /\badmin/i.test(role ?? "")

const roleChange = Effect.fnUntraced(function*(place: Adding.Place, reference: string, role: string) {
  const { partnerId, user } = yield* resolve<Member>("partner's person", reference, membersOf(place))
  const email = shownEmail(user.user?.email ?? user.user?.name ?? "")
  const step = `give ${email} the role ${Words.said(role, 60) ?? ""}`
  if (Contents.same(user.role?.name, role)) return Plan.already(step)
  if (isAdministrative(role) || isAdministrative(user.role?.name)) {
    return {
      step,
      result: "denied",
      detail: "Habu lets no one give or take a partner's administrator role here: the partner does it in Habu's UI.",
      code: "UI_ONLY"
    } satisfies Plan.Step
  }
  const habu = yield* HabuClient
  const cleanroomId = yield* place.id
  const path = { cleanroomId, cleanroomPartnerId: partnerId }
  const roles = yield* habu.getCleanroomPartnerRoles({ path })
  const wanted = roles.find(({ name }) => Contents.same(name, role))
  const { id: roleId } = wanted ?? {}
  if (roleId === undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "partner_users",
        problem: `gives the role ${JSON.stringify(Words.said(role, 60) ?? "")}, which this partner does not have`,
        options: roles.flatMap(({ name }) => Words.said(name, 60) ?? []),
        advice: "Give one of its roles; new ones are made in Habu's UI."
      })
    )
  }
  return {
    step,
    grade: "outward",
    preview: `${step} (now ${Words.said(user.role?.name, 60) ?? "unknown"})`,
    write: Effect.asVoid(habu.updateCleanroomPartnerUserRole({
      path: { ...path, cleanroomUserId: user.id, cleanRoomRoleId: roleId }
    })),
    shown: Effect.map(
      Contents.part(cleanroomId, "partners"),
      (partners) =>
        partners.flatMap(({ cleanRoomUsers = [] }) => cleanRoomUsers).some((one) =>
          one.id === user.id && Contents.same(one.role?.name, role)
        )
    )
  } satisfies Item
})

/**
 * Gives partners' people other roles (operation `updateCleanroomPartnerUserRole`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const roles = Effect.fnUntraced(function*(place: Adding.Place, wanted: { readonly [person: string]: string }) {
  const [blocked] = Contents.blocked("change partners' roles", [place.contents.partners])
  return blocked !== undefined
    ? [blocked]
    : yield* Effect.forEach(Object.entries(wanted), ([reference, role]) => roleChange(place, reference, role))
})
