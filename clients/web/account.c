/* Who asks: sessions, which begin by a one-time link or the proxy's word here and by a password in sign_in.c, and end. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "request.h"

#define COOKIE "coord_session"

static bool https(const struct web *web)
{
    return strncmp(web->config->url, "https://", 8) == 0;
}

void request_identify(struct request *request)
{
    struct web *web = request->web;
    const struct config *config = web->config;
    const char *cookie = MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, COOKIE);
    if (cookie)
        request->has_session = store_session_get(web->store, cookie, web->now, config->idle, config->longest,
                                                 &request->session);
    if (request->listener != LISTENER_PROXY)
        return; /* the header is anybody's to send here, and counts for nothing */
    const char *name = request_header(request, config->proxy_header);
    request->by_proxy = name && name[0];
    if (request->has_session && (!name || strcmp(name, request->session.user.name) != 0))
        request->has_session = false;
}

uint32_t request_rights(const struct request *request)
{
    const struct broker *broker = web_broker(request->web, request->session.user.context);
    return broker ? request->session.user.rights & broker_rights(broker) : 0;
}

bool request_begin_session(struct request *request, const char *name)
{
    struct web *web = request->web;
    const struct config *config = web->config;
    char token[TOKEN_TEXT];
    const bool begun = store_session_new(web->store, name, web->now, token) &&
                       store_session_get(web->store, token, web->now, config->idle, config->longest, &request->session);
    if (begun) {
        request->has_session = true;
        web->counts.signed_in++;
        snprintf(request->cookie, sizeof request->cookie,
                 COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s", token,
                 (long long)(config->longest / 1000), https(web) ? "; Secure" : "");
    } else {
        request_refuse_store(request);
    }
    sodium_memzero(token, sizeof token);
    return begun;
}

/* ---- who am I ---- */

void request_give_me(struct request *request)
{
    const struct user *user = &request->session.user;
    const struct broker *broker = web_broker(request->web, user->context);
    const char *why = "", *state = broker ? broker_state(broker, &why) : "unknown";
    const uint32_t mask = request_rights(request);
    json_t *rights = json_array();
    for (int i = 1; i < RIGHT_END; i++)
        if (mask & TERM_BIT(i))
            json_array_append_new(rights, json_string(term_name(&vocabulary_right, i)));
    request_give(request, 200,
                 json_pack("{s:s, s:s, s:s, s:o, s:s, s:s, s:b, s:b, s:{s:s, s:s}}", "user", user->name, "officer",
                           user->officer, "agency", broker ? broker_agency(broker) : "", "rights", rights, "language",
                           user->language, "csrf", request->session.csrf, "password", user->password[0] != '\0', "totp",
                           user->has_totp, "broker", "state", state, "why", why));
}

void handle_me(struct request *request)
{
    struct web *web = request->web;
    struct user user;
    if (!request->has_session) {
        const char *name = request_header(request, web->config->proxy_header);
        if (!store_user_get(web->store, name, &user))
            request_refuse(request, WEB_E_SIGN_IN_NEEDED, web->config->proxy_header,
                           "There is no account `%.64s`; coord-web user add makes one.", name);
        else if (!web_broker(web, user.context))
            request_refuse(request, WEB_E_NO_CONTEXT, "context", "%s", "");
        else if (request_begin_session(request, name))
            request_give_me(request);
        return;
    }
    request_give_me(request);
}

/* ---- by a link ---- */

void handle_login(struct request *request)
{
    struct web *web = request->web;
    struct user user;
    char name[USER_NAME_MAX + 1];
    if (!limit_take(web->sign_in_limit, 2, web->steady))
        request_refuse(request, WEB_E_BUSY, "", "%s", "");
    else if (strlen(request->rest) != TOKEN_TEXT - 1 || !store_link_use(web->store, request->rest, web->now, name) ||
             !store_user_get(web->store, name, &user))
        request_redirect(request, "/sign-in?problem=link_refused");
    else if (request_begin_session(request, name))
        request_redirect(request, "/");
}

/* ---- the end; the calendar's address ---- */

void handle_sign_out(struct request *request)
{
    struct web *web = request->web;
    if (!store_session_end(web->store, request->session.hash)) {
        request_refuse_store(request);
        return;
    }
    viewers_end(web, request->session.hash);
    snprintf(request->cookie, sizeof request->cookie, COOKIE "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0%s",
             https(web) ? "; Secure" : "");
    request_give(request, 200, json_pack("{s:b}", "signed_out", 1));
}

void handle_calendar(struct request *request)
{
    struct web *web = request->web;
    const struct broker *broker = web_broker(web, request->session.user.context);
    char token[TOKEN_TEXT];
    if (!store_calendar_new(web->store, request->session.user.name, token))
        request_refuse_store(request);
    else
        request_give(request, 200,
                     json_pack("{s:o}", "url",
                               json_sprintf("%s/agencies/%s/tasks.ics?token=%s", web->config->url,
                                            broker_agency(broker), token)));
    sodium_memzero(token, sizeof token);
}
