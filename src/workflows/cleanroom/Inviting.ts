/**
 * Invitations of partners: never a second one to an address that waits for the first or has joined.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { CleanRoomPartnerResponse, InvitationDetail } from "../../habu/api/Partners.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { HabuError, ReferenceError } from "../../habu/HabuError.js"
import * as Text from "../../habu/Text.js"
import * as Invitations from "../partner/Invitations.js"
import type * as Plan from "../Plan.js"
import { WatchList } from "../WatchList.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Contents from "./Contents.js"

/**
 * How an address stands to a clean room.
 *
 * @since 0.1.0
 * @category models
 */
export type Standing =
  | { readonly _tag: "Joined"; readonly partner: CleanRoomPartnerResponse | undefined }
  | { readonly _tag: "Waiting"; readonly invitation: InvitationDetail }
  | { readonly _tag: "Declined"; readonly invitation: InvitationDetail }
  | { readonly _tag: "Stranger" }

type Shown = Pick<Contents.Contents, "invitations" | "partners">

/**
 * How an address stands, by what Habu shows. Who accepted and was taken out again is a stranger.
 *
 * @since 0.1.0
 * @category getters
 */
export const standing = (email: string, { invitations, partners }: Shown): Standing => {
  const sent = Contents.items(invitations).filter(Invitations.isTo(email))
  const organizations = sent.filter(Invitations.isAccepted).map(({ partnerOrganizationId }) => partnerOrganizationId)
  const partner = Contents.items(partners).find(({ cleanRoomUsers = [], partnerOrganizationId }) =>
    cleanRoomUsers.some(({ user }) => Contents.same(user?.email, email)) ||
    (partnerOrganizationId !== undefined && organizations.includes(partnerOrganizationId))
  )
  if (partner !== undefined) return { _tag: "Joined", partner }
  if (partners._tag !== "Answered" && sent.some(Invitations.isAccepted)) return { _tag: "Joined", partner: undefined }
  const waiting = sent.find(Invitations.isWaiting)
  if (waiting !== undefined) return { _tag: "Waiting", invitation: waiting }
  const declined = sent.find(Invitations.isDeclined)
  return declined === undefined ? { _tag: "Stranger" } : { _tag: "Declined", invitation: declined }
}

const address = /^[^@\s]+@[^@\s]+\.[^@\s]+$/

/**
 * Mail addresses as given, each once; fails where one is none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const addresses = (
  field: string,
  given: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>, Workflow.InputInvalid> => {
  const trimmed = given.map((one) => one.trim()).filter((one) => one !== "")
  const wrong = trimmed.find((one) => !address.test(one) || one.length > 254)
  return wrong === undefined
    ? Effect.succeed(trimmed.filter((one, index) => trimmed.findIndex((other) => Contents.same(one, other)) === index))
    : Effect.fail(
      new Workflow.InputInvalid({
        field,
        problem: `holds ${JSON.stringify(Words.said(wrong, 80) ?? "")}, which is no mail address`,
        advice: "Give the mail addresses of the partners' administrators."
      })
    )
}

/**
 * The step's words for an invitation.
 *
 * @since 0.1.0
 * @category formatting
 */
export const step = (email: string): string => `invite ${Words.said(email, 254) ?? ""}`

interface Options {
  readonly email: string
  readonly note: string | undefined
  /** What to call the clean room in the preview. */
  readonly cleanRoom: string
  readonly cleanRoomId: Effect.Effect<string, HabuError | ReferenceError>
  /** What stands for the clean room before it has an id. */
  readonly key: string
  readonly needs?: ReadonlyArray<string>
  /** Another word for the step, where it is part of more. */
  readonly step?: string
}

/**
 * The change that invites an address (operation `addCleanroomPartner`); a mail goes out at once.
 *
 * @since 0.1.0
 * @category constructors
 */
export const change = (options: Options): Plan.Change<HabuClient | WatchList> => {
  const { cleanRoom, cleanRoomId, email, key, needs, note } = options
  return {
    step: options.step ?? step(email),
    grade: "outward",
    preview: `mail an invitation to ${cleanRoom} to ${Words.said(email, 254)}${
      note === undefined ? " with Habu's standard note" : `: ${JSON.stringify(Words.said(note, 300))}`
    }`,
    makes: `invitation/${key}/${Text.folded(email)}`,
    needs: needs ?? [],
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      const watch = yield* WatchList
      const cleanroomId = yield* cleanRoomId
      const { id, Status: status = "PENDING" } = yield* habu.addCleanroomPartner({
        path: { cleanroomId },
        payload: { partnerAdminEmail: email, ...(note !== undefined && { invitationNote: note }) }
      })
      if (id !== undefined) {
        yield* Effect.ignoreLogged(
          watch.watch({ kind: "invitation", id, name: email, cleanRoomId: cleanroomId }, status)
        )
      }
    }),
    shown: Effect.gen(function*() {
      const invitations = yield* Contents.part(yield* cleanRoomId, "invitations")
      return invitations.some((one) => Invitations.isTo(email)(one) && Invitations.isWaiting(one))
    })
  }
}
