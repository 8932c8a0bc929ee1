/* What people read, and what carries it: words, mails, templates, signatures. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../clients/common/sign.h"
#include "../../../clients/relay/mail.h"
#include "../../../clients/relay/template.h"
#include "../../../clients/relay/words.h"
#include "given.h"

#include "../../../daemon/core/actions.def.h"

static void agency_name(void *user, const char *id, enum language language, char name[257])
{
    (void)user;
    snprintf(name, 257, "%s %s", language == LANGUAGE_EN ? "the" : "Cơ quan", id);
}

static const char *text_of_words(enum language language, const char *json, const char *now)
{
    static struct buffer out;
    struct working_days days;
    struct notification item;
    json_t *object = given_object(json);
    notification_view(&item, object);
    working_days_plain(&days);
    buffer_clear(&out);
    words_text(&(struct words){.language = language,
                               .days = &days,
                               .agency = agency_name,
                               .web = "https://c.vn",
                               .link_secret = "k",
                               .person = "an",
                               .now = at(now)},
               &item, 1, &out);
    buffer_append(&out, "", 1);
    json_decref(object);
    return out.data;
}

TEST(a_reader_is_told_what_whose_since_when_due_when_why_and_what_next)
{
    char json[600];
    snprintf(
        json, sizeof json,
        "{\"seq\":9,\"time\":%lld,\"agency\":\"so\",\"task\":7,\"notice\":\"overdue\",\"severity\":\"warning\","
        "\"reference\":"
        "\"HT-1\",\"title\":\"Rà soát\",\"lead\":\"so\",\"assigner\":\"tinh\",\"due\":%lld,\"due_day\":\"2024-06-25\","
        "\"deadline\":\"completion\",\"state\":\"in_progress\",\"reason\":\"HT-1 was due by 2024-06-25.\"}",
        (long long)at("2024-06-28T07:30"), (long long)at("2024-06-26T00:00"));
    assert_string_equal(
        text_of_words(LANGUAGE_VI, json, "2024-06-28T07:30"),
        "Quá hạn\nNhiệm vụ: Rà soát (HT-1)\nGửi tới: Cơ quan so\nChủ trì: Cơ quan so\nCơ quan giao: Cơ quan "
        "tinh\nTrạng thái: đang thực hiện\nLúc: 07:30, 28/06/2024\nThời hạn: 25/06/2024 (quá hạn 3 "
        "ngày)\nLý do: Đã quá hạn hoàn thành mà chủ trì chưa trình kết quả.\nViệc cần làm: Trình kết quả ngay, hoặc "
        "báo cáo lý do và ngày "
        "hoàn thành.\nXem: https://c.vn/tasks/7\n");
    assert_string_equal(text_of_words(LANGUAGE_EN, json, "2024-06-25T07:30"),
                        "Overdue\nTask: Rà soát (HT-1)\nFor: the so\nLead: the so\nGiven by: the tinh\nState: "
                        "in progress\nAt: 07:30, 2024-06-28\nDue: 2024-06-25 (today)\nWhy: HT-1 was due by "
                        "2024-06-25.\nWhat to do next: Submit at once, or report why not and by when.\nSee: "
                        "https://c.vn/tasks/7\n");
}

TEST(who_holds_an_overdue_task_up_reads_the_chain_and_gets_no_link_to_what_it_may_not_read)
{
    static const char *const agencies[] = {"so", "huyen"};
    for (int i = 0; i < 2; i++) {
        char json[600];
        snprintf(
            json, sizeof json,
            "{\"seq\":9,\"time\":%lld,\"agency\":\"%s\",\"task\":7,\"notice\":\"escalated\",\"severity\":\"critical\","
            "\"reference\":\"HT-1\",\"title\":\"Rà "
            "soát\",\"lead\":\"xa\",\"assigner\":\"tinh\",\"state\":\"in_progress\","
            "\"deadline\":\"completion\",\"escalation\":9,\"chain\":[\"HT-2\",\"HT-3\"],"
            "\"holder\":\"so\",\"acknowledges\":%s}",
            (long long)at("2024-06-28T07:30"), agencies[i], i ? "true" : "false");
        const char *text = text_of_words(LANGUAGE_VI, json, "2024-06-28T07:30");
        assert_non_null(strstr(text, "Đang chờ: HT-2, HT-3; Cơ quan so\n"));
        assert_int_equal(strstr(text, "https://") != NULL, i == 1);
        assert_non_null(
            strstr(text_of_words(LANGUAGE_EN, json, "2024-06-28T07:30"), "Held up by: HT-2, HT-3; the so\n"));
    }
}

TEST(a_recurring_task_that_could_not_be_made_is_no_task_that_was_withdrawn)
{
    static const char json[] =
        "{\"seq\":9,\"time\":1718557200000,\"agency\":\"so\",\"notice\":\"cancelled\",\"severity\":"
        "\"warning\",\"reference\":\"BC/2024-W25\",\"title\":\"Báo cáo\",\"assigner\":\"so\","
        "\"reason\":\"BC/2024-W25 could not be made: xa has ended.\"}";
    const char *text = text_of_words(LANGUAGE_EN, json, "2024-06-17T07:30");
    assert_non_null(strstr(text, "A recurring task could not be made\nTask: Báo cáo (BC/2024-W25)\n"));
    assert_non_null(strstr(text, "Why: BC/2024-W25 could not be made: xa has ended.\n"));
    assert_null(strstr(text, "Stop the work"));
    text = text_of_words(LANGUAGE_VI, json, "2024-06-17T07:30");
    assert_non_null(strstr(text, "Không giao được nhiệm vụ định kỳ\n"));
    assert_non_null(
        strstr(text, "Lý do: Đến kỳ mà không giao được nhiệm vụ.\nMáy chủ báo: BC/2024-W25 could not be made"));
}

TEST(an_escalation_carries_a_signed_link_to_acknowledge_it)
{
    const char *text = text_of_words(LANGUAGE_VI,
                                     "{\"seq\":9,\"time\":1719534600000,\"agency\":\"so\",\"task\":7,\"notice\":"
                                     "\"escalated\",\"level\":2,\"escalation\":5}",
                                     "2024-06-28T07:30");
    char signature[SIGN_TEXT], wanted[200];
    static const char query[] = "task=7&escalation=5&agency=so&person=an&until=1720744200000";
    sign("k", query, strlen(query), signature);
    snprintf(wanted, sizeof wanted, "Ghi nhận tại đây: https://c.vn/acknowledge?%s&signature=%s\n", query, signature);
    assert_non_null(strstr(text, "Báo cáo vượt cấp, cấp 2\n"));
    assert_non_null(strstr(text, wanted));
}

/* The severities of the broker's table of actions. */
TEST(a_notice_is_as_loud_as_the_broker_tells_it)
{
#define TELL(notice, severity, roles)               NOTICE_##notice, SEVERITY_##severity
#define A(constant, name, from, to, may, tell, ...) {tell},
#define MAY(...)
#define SAY(...)
    static const struct {
        enum notice notice;
        enum severity severity;
    } told[] = {CORE_ACTIONS(A) CORE_ASSIGNMENT(A)};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        assert_int_equal(words_severity((int)told[i].notice), told[i].severity);
    assert_int_equal(sizeof told / sizeof *told, ACTION_END - 1);
}

TEST(a_reader_is_told_what_is_asked_for_and_what_became_of_it)
{
    static const char asked[] =
        "{\"notice\":\"asked\",\"agency\":\"so\",\"asked\":{\"asking\":\"extension\",\"by\":\"xa\","
        "\"wanted\":{\"due_day\":\"2024-07-10\"},\"decider\":\"so\",\"decide_due\":1718298000000}}";
    assert_non_null(
        strstr(text_of_words(LANGUAGE_VI, asked, "2024-06-10T08:00"),
               "\nĐề nghị: gia hạn, đến hết 10/07/2024\nNơi quyết định: Cơ quan so, chậm nhất hết ngày 13/06/2024\n"));
    assert_non_null(
        strstr(text_of_words(LANGUAGE_EN, asked, "2024-06-10T08:00"),
               "\nAsked for: extension, to the end of 2024-07-10\nDecides: the so, by the end of 2024-06-13\n"));
    static const char granted[] =
        "{\"notice\":\"granted\",\"agency\":\"xa\",\"asked\":{\"asking\":\"return\",\"by\":\"xa\","
        "\"wanted\":{},\"decider\":\"so\",\"outcome\":\"granted\","
        "\"granted\":{\"lead\":\"xb\",\"due_day\":\"2024-07-05\"}}}";
    assert_non_null(
        strstr(text_of_words(LANGUAGE_VI, granted, "2024-06-10T08:00"),
               "\nĐề nghị: trả lại nhiệm vụ\nChấp thuận: trả lại nhiệm vụ, cho Cơ quan xb, hạn 05/07/2024\n"));
    static const char answered[] =
        "{\"notice\":\"answered\",\"agency\":\"xa\",\"answer\":\"passed_on\",\"passed_to\":\"ubt\"}";
    assert_non_null(strstr(text_of_words(LANGUAGE_VI, answered, "2024-06-10T08:00"),
                           "\nTrả lời: chuyển cơ quan khác: Cơ quan ubt\n"));
    assert_non_null(strstr(text_of_words(LANGUAGE_EN, answered, "2024-06-10T08:00"), "\nAnswer: passed on: the ubt\n"));
    static const char suspended[] = "{\"notice\":\"suspended\",\"agency\":\"xa\",\"until\":1718298000000}";
    assert_non_null(strstr(text_of_words(LANGUAGE_VI, suspended, "2024-06-10T08:00"), "\nDừng đến hết: 13/06/2024\n"));
}

TEST(a_hot_spot_links_to_its_rule_whatever_that_is_called_and_not_to_one_that_is_gone)
{
    static const char changed[] =
        "{\"notice\":\"hot_spot_cleared\",\"agency\":\"so\",\"hot_spot_rule\":{\"rule\":\"đất & ở/1\",\"tasks\":3}%s}";
    char json[300];
    snprintf(json, sizeof json, changed, "");
    assert_non_null(strstr(text_of_words(LANGUAGE_VI, json, "2024-06-10T08:00"),
                           "\nXem: https://c.vn/hot-spots?rule=%C4%91%E1%BA%A5t%20%26%20%E1%BB%9F%2F1\n"));
    snprintf(json, sizeof json, changed, ",\"rule_removed\":true");
    assert_null(strstr(text_of_words(LANGUAGE_VI, json, "2024-06-10T08:00"), "https://"));
}

TEST(a_figure_is_told_whole_however_large_it_is)
{
    static const struct {
        const char *figure, *vi, *en;
    } figures[] = {
        {"7.75", "7,75 km\n", "7.75 km\n"},
        {"-12", "-12 km\n", "-12 km\n"},
        {"1000000000000", "1000000000000 km\n", "1000000000000 km\n"},
        {"0.001", "0,001 km\n", "0.001 km\n"},
        {"1.5e300", "1,5e+300 km\n", "1.5e+300 km\n"},
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        char json[200], wanted[80];
        snprintf(json, sizeof json, "{\"notice\":\"reported\",\"agency\":\"so\",\"value\":%s,\"unit\":\"km\"}",
                 figures[i].figure);
        snprintf(wanted, sizeof wanted, "\nKết quả đạt được: %s", figures[i].vi);
        assert_non_null(strstr(text_of_words(LANGUAGE_VI, json, "2024-06-10T08:00"), wanted));
        snprintf(wanted, sizeof wanted, "\nReached: %s", figures[i].en);
        assert_non_null(strstr(text_of_words(LANGUAGE_EN, json, "2024-06-10T08:00"), wanted));
    }
}

TEST(a_link_holds_as_it_was_signed_until_it_is_too_old)
{
    const struct link link = {7, 5, "so.1", "văn an", 2000};
    struct link other = link;
    struct buffer out = {0};
    sign_link("k", "https://c.vn", &link, &out);
    buffer_append(&out, "", 1);
    const char *signature = strstr(out.data, "&signature=") + 11;
    assert_true(sign_link_holds("k", &link, signature, 1999));
    assert_false(sign_link_holds("k", &link, signature, 2000));
    assert_false(sign_link_holds("l", &link, signature, 1999));
    assert_false(sign_link_holds("k", &link, "", 1999));
    other.escalation = 6;
    assert_false(sign_link_holds("k", &other, signature, 1999));
    other = link;
    other.person = "";
    assert_false(sign_link_holds("k", &other, signature, 1999));
    buffer_done(&out);
}

/* RFC 4231, test cases 2 and 6. */
TEST(signatures_are_hmac_sha256)
{
    char text[SIGN_TEXT], key[132];
    sign("Jefe", "what do ya want for nothing?", 28, text);
    assert_string_equal(text, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, 131);
    key[131] = '\0';
    sign(key, "Test Using Larger Than Block-Size Key - Hash Key First", 54, text);
    assert_string_equal(text, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(a_header_keeps_letters_whole_and_lines_short)
{
    static struct buffer out;
    static const char title[] =
        "Quá hạn [HT-1] Rà soát quỹ đất công, đường Trần Hưng Đạo, phường 2, xã Tân Hải, huyện Hàm Tân";
    mail_header_text(&out, "HT-1 plain", 9);
    buffer_append(&out, "", 1);
    assert_string_equal(out.data, "HT-1 plain");
    for (size_t used = 0; used < 40; used++) {
        buffer_clear(&out);
        mail_header_text(&out, title, used);
        buffer_append(&out, "", 1);
        size_t line = used, longest = 0;
        for (const char *c = out.data; *c; c++) {
            line = *c == '\n' ? 0 : line + 1;
            longest = line > longest ? line : longest;
        }
        assert_true(longest <= 77); /* with the CR */
    }
    buffer_done(&out);
}

TEST(what_would_end_a_header_goes_into_encoded_words)
{
    struct buffer out = {0};
    mail_header_text(&out, "a\r\nBcc: x@y", 9);
    buffer_append(&out, "", 1);
    assert_null(strchr(out.data, '\n'));
    assert_null(strstr(out.data, "Bcc"));
    buffer_done(&out);
}

TEST(a_template_escapes_what_it_puts_in)
{
    struct buffer out = {0};
    const char *bad;
    json_t *values = given_object(
        "{\"subject\":\"a \\\"b\\\" \\\\ \\n ă\",\"count\":3,\"person\":{\"phone\":\"+84\"}}");
    assert_true(template_check("{{subject}} {{ person.phone }} {{count}}", &bad));
    template_expand("{\"t\":\"{{subject}}\",\"p\":\"{{ person.phone }}\",\"n\":{{count}},\"m\":\"{{person.mail}}\"}",
                    values, &out);
    buffer_append(&out, "", 1);
    assert_string_equal(out.data, "{\"t\":\"a \\\"b\\\" \\\\ \\n ă\",\"p\":\"+84\",\"n\":3,\"m\":\"\"}");
    assert_false(template_check("{{text}", &bad));
    assert_false(template_check("{{secret}}", &bad));
    assert_string_equal(bad, "secret");
    json_decref(values);
    buffer_done(&out);
}
