// How a request goes out, whichever HTTP client sends it.
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

// A redirect would take what is asked, and by whom, to a place that nobody chose; Habu uses none.
const unredirected = <A, E, R>(sent: Effect.Effect<A, E, R>) =>
  Effect.mapInputContext(sent, (context: Context.Context<R>) => {
    const given = Option.getOrElse(Context.getOption(context, FetchHttpClient.RequestInit), () => ({}))
    return Context.add(context, FetchHttpClient.RequestInit, { ...given, redirect: "manual" as const })
  })

// The HTTP client's own span would hold whole addresses and all headers, and tell Habu of our trace.
export const make = <E, R>(client: HttpClient.HttpClient.With<E, R>): HttpClient.HttpClient.With<E, R> =>
  client.pipe(HttpClient.withTracerDisabledWhen(() => true), HttpClient.transformResponse(unredirected))
