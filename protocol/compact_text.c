#include "compact_text.h"

#define DAY_MONTH 32               /* a day has 5 bits, */
#define DAY_YEAR  (16 * DAY_MONTH) /* a month 4, */
#define YEARS     100              /* and a year 7: 2000 to 2099 */

/* Its value, or 16. */
static unsigned digit_of(char letter)
{
    if (letter >= '0' && letter <= '9')
        return (unsigned)(letter - '0');
    return letter >= 'a' && letter <= 'f' ? (unsigned)(letter - 'a') + 10 : 16;
}

bool compact_hex_pack(struct text text, char bytes[COMPACT_HEX_BYTES])
{
    if (text.size != 2 * COMPACT_HEX_BYTES)
        return false;
    for (int i = 0; i < COMPACT_HEX_BYTES; i++) {
        const unsigned high = digit_of(text.data[2 * i]), low = digit_of(text.data[2 * i + 1]);
        if ((high | low) > 15)
            return false;
        bytes[i] = (char)(high << 4 | low);
    }
    return true;
}

void compact_hex_unpack(const char bytes[COMPACT_HEX_BYTES], char text[2 * COMPACT_HEX_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < COMPACT_HEX_BYTES; i++) {
        text[2 * i] = digits[(uint8_t)bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 0xF];
    }
}

/* Two decimal digits, or 100 and more. */
static uint32_t two_of(const char *at)
{
    const unsigned tens = (unsigned)(uint8_t)at[0] - '0', ones = (unsigned)(uint8_t)at[1] - '0';
    return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

static void put_two(char *at, uint32_t number)
{
    at[0] = (char)('0' + number / 10);
    at[1] = (char)('0' + number % 10);
}

bool compact_day_pack(struct text day, uint32_t *number)
{
    if (day.size != COMPACT_DAY_BYTES || day.data[4] != '-' || day.data[7] != '-' || two_of(day.data) != 20)
        return false;
    const uint32_t year = two_of(day.data + 2), month = two_of(day.data + 5), of_month = two_of(day.data + 8);
    if (year >= YEARS || month >= DAY_YEAR / DAY_MONTH || of_month >= DAY_MONTH)
        return false;
    *number = year * DAY_YEAR + month * DAY_MONTH + of_month;
    return true;
}

bool compact_day_unpack(uint64_t number, char day[COMPACT_DAY_BYTES])
{
    if (number >= YEARS * DAY_YEAR)
        return false;
    const uint32_t whole = (uint32_t)number;
    put_two(day, 20);
    put_two(day + 2, whole / DAY_YEAR);
    day[4] = day[7] = '-';
    put_two(day + 5, whole / DAY_MONTH % (DAY_YEAR / DAY_MONTH));
    put_two(day + 8, whole % DAY_MONTH);
    return true;
}
