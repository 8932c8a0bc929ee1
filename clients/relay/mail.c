#include "mail.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "alloc.h"

#define WORD_BYTES 45 /* of text in one encoded word: 60 of base64, and 12 around it, are less than RFC 2047's 75 */
#define LINE_BYTES 57 /* of a body in one line: 76 of base64 */

static void put_base64(struct buffer *out, const char *bytes, size_t size)
{
    char text[128];
    sodium_bin2base64(text, sizeof text, (const unsigned char *)bytes, size, sodium_base64_VARIANT_ORIGINAL);
    buffer_append(out, text, strlen(text));
}

/* Bytes of the text that make whole letters, at most so many. */
static size_t whole_letters(const char *text, size_t size, size_t most)
{
    size_t take = size < most ? size : most;
    while (take > 0 && take < size && ((unsigned char)text[take] & 0xc0) == 0x80)
        take--;
    return take ? take : (size < most ? size : most); /* bytes that are no UTF-8 are cut where it falls */
}

static bool is_plain(const char *text, size_t room)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || (unsigned char)*c > 126 || strchr("=?_\"<>@,;:()[]\\", *c))
            return false;
    return strlen(text) <= room;
}

void mail_header_text(struct buffer *out, const char *text, size_t used)
{
    size_t left = strlen(text);
    if (is_plain(text, used < 76 ? 76 - used : 0)) {
        buffer_append(out, text, left);
        return;
    }
    /* The first word is shorter by what stands before it in the line. */
    size_t room = used < 30 ? WORD_BYTES - used * 3 / 4 : WORD_BYTES / 3;
    while (left > 0) {
        const size_t take = whole_letters(text, left, room);
        buffer_printf(out, "=?UTF-8?B?");
        put_base64(out, text, take);
        buffer_printf(out, left > take ? "?=\r\n " : "?=");
        text += take;
        left -= take;
        room = WORD_BYTES;
    }
}

static void put_date(struct buffer *out, int64_t now)
{
    /* By hand, because strftime's names follow the locale. UTC, which every reader shows in its own time. */
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const time_t seconds = (time_t)(now / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    buffer_printf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n", days + 3 * tm.tm_wday, tm.tm_mday,
                  months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void put_part(struct buffer *out, const char *boundary, const char *type, const char *text)
{
    buffer_printf(out, "--%s\r\nContent-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
                  boundary, type);
    for (size_t left = strlen(text); left > 0;) {
        const size_t take = left < LINE_BYTES ? left : LINE_BYTES;
        put_base64(out, text, take);
        buffer_printf(out, "\r\n");
        text += take;
        left -= take;
    }
}

void mail_compose(const struct mail *mail, struct buffer *out)
{
    const char *domain = strchr(mail->from, '@');
    domain = domain ? domain + 1 : "localhost";
    put_date(out, mail->now);
    buffer_printf(out, "From: <%s>\r\nTo: ", mail->from);
    if (mail->to_name) {
        mail_header_text(out, mail->to_name, 4);
        buffer_printf(out, "\r\n ");
    }
    buffer_printf(out, "<%s>\r\n", mail->to);
    if (mail->reply_to)
        buffer_printf(out, "Reply-To: <%s>\r\n", mail->reply_to);
    buffer_printf(out, "Subject: ");
    mail_header_text(out, mail->subject, 9);
    buffer_printf(out, "\r\nMessage-ID:\r\n <%.40s@%s>\r\n", mail->key, domain);
    if (mail->thread[0])
        buffer_printf(out, "In-Reply-To: <%s@%s>\r\nReferences: <%s@%s>\r\n", mail->thread, domain, mail->thread,
                      domain);
    buffer_printf(out,
                  "Auto-Submitted: auto-generated\r\nX-Coord-Relay-Key:\r\n %s\r\nMIME-Version: 1.0\r\n"
                  "Content-Type: multipart/alternative;\r\n boundary=\"=_%.40s\"\r\n\r\n",
                  mail->key, mail->key);
    char boundary[48];
    snprintf(boundary, sizeof boundary, "=_%.40s", mail->key);
    put_part(out, boundary, "plain", mail->text);
    put_part(out, boundary, "html", mail->html);
    buffer_printf(out, "--%s--\r\n", boundary);
}
