namespace Ensen.Sandbox.Town;

/// <summary>Where a habit is followed.</summary>
enum Near
{
    Home = 1,
    Work = 2,
}

/// <summary>
/// Something a person does on some days of the week (1 is Monday) with some chance, about a time of day. Of several trades
/// ("ramen/udon") each person has a favourite.
/// </summary>
sealed record Habit(string Trades, Near Near, string Days, double RandomSource, int Hour, int Minute, int Spread);

/// <summary>How people of one kind live, so that their histories have something to recognise.</summary>
static class Habits
{
    const string Workdays = "12345";
    const string Weekend = "67";
    const string Daily = "1234567";

    static readonly Dictionary<string, Habit[]> s_of = new()
    {
        // Bread on the way to work, ramen on Thursdays, the bath on Sundays.
        ["aoi"] =
        [
            new("bakery", Near.Home, Workdays, 0.82, 7, 48, 12), new("ramen", Near.Home, "4", 0.9, 19, 10, 30), new(
                "udon/curry", Near.Work, "12", 0.2, 12, 20, 20),
            new("bath", Near.Home, "7", 0.85, 18, 30, 60), new("bookshop", Near.Work, "6", 0.22, 15, 0, 90), new(
                "greengrocer", Near.Home, "36", 0.3, 18, 50, 40),
        ],
        ["commuter"] =
        [
            new("bakery/cafe/kiosk", Near.Work, Workdays, 0.32, 8, 20, 25), new(
                "ramen/udon/curry/okonomiyaki", Near.Work, Workdays, 0.26, 12, 20, 30),
            new("convenience", Near.Home, Workdays, 0.16, 19, 40, 70), new("izakaya", Near.Work, "5", 0.28, 20, 10, 50),
            new("bookshop/cinema/clothing/bicycle/electronics", Near.Home, Weekend, 0.1, 14, 30, 120), new(
                "greengrocer/butcher/liquor", Near.Home, Weekend, 0.18, 17, 0, 80),
            new("hairdresser/optician", Near.Home, "6", 0.1, 11, 0, 90), new("bakery/kissaten", Near.Home, Weekend, 0.15, 9, 30, 60),
        ],
        ["parent"] =
        [
            new("greengrocer", Near.Home, Daily, 0.17, 16, 20, 90), new("butcher/fishmonger", Near.Home, Daily, 0.11, 16, 45, 80), new(
                "bakery", Near.Home, "1356", 0.26, 9, 30, 40),
            new("pharmacy", Near.Home, Daily, 0.05, 15, 10, 120), new("cakes/sweets", Near.Home, "6", 0.22, 14, 40, 60), new(
                "toys/stationery", Near.Home, Weekend, 0.08, 13, 30, 90),
            new("clinic/dentist", Near.Home, Workdays, 0.03, 10, 20, 60), new("okonomiyaki/udon", Near.Home, "7", 0.25, 12, 10, 40),
        ],
        ["retired"] =
        [
            new("kissaten", Near.Home, Daily, 0.26, 8, 40, 40), new("bath", Near.Home, "246", 0.42, 15, 30, 60), new(
                "greengrocer/shop", Near.Home, Workdays, 0.14, 10, 40, 70),
            new("florist", Near.Home, "16", 0.1, 11, 0, 60), new("clinic/pharmacy", Near.Home, Workdays, 0.05, 9, 50, 50), new(
                "sweets", Near.Home, "35", 0.12, 14, 30, 50),
            new("bakery", Near.Home, Weekend, 0.2, 8, 10, 40),
        ],
        ["student"] =
        [
            new("takoyaki/curry/udon", Near.Work, Workdays, 0.22, 12, 40, 40), new("convenience", Near.Home, Daily, 0.17, 21, 30, 80), new(
                "cafe", Near.Work, Workdays, 0.13, 15, 50, 70),
            new("karaoke/cinema", Near.Work, "56", 0.14, 18, 40, 80), new("stationery/bookshop", Near.Work, Workdays, 0.04, 16, 30, 60),
        ],
        ["nurse"] =
        [
            new("convenience", Near.Work, Daily, 0.2, 6, 50, 50), new("laundry", Near.Home, "27", 0.4, 10, 30, 80), new(
                "ramen/curry", Near.Home, Daily, 0.12, 21, 20, 60),
            new("cafe", Near.Work, Daily, 0.1, 14, 10, 90), new("bath", Near.Home, "7", 0.3, 20, 30, 60),
        ],
        ["gourmet"] =
        [
            new("depachika", Near.Work, "135", 0.16, 18, 40, 50), new("sushi", Near.Work, "56", 0.2, 19, 20, 50), new(
                "cafe", Near.Work, Workdays, 0.22, 10, 10, 40),
            new("liquor/florist", Near.Home, Weekend, 0.16, 16, 20, 80), new("izakaya", Near.Work, "45", 0.14, 20, 30, 40),
        ],
        ["visitor"] =
        [
            new("cafe", Near.Home, Daily, 0.18, 9, 20, 50), new("bakery", Near.Home, Weekend, 0.35, 9, 40, 40), new(
                "okonomiyaki/takoyaki/ramen", Near.Work, Daily, 0.16, 13, 0, 60), new("souvenir", Near.Work, Weekend, 0.18, 15, 30, 70),
            new("sushi/izakaya", Near.Home, "56", 0.2, 19, 0, 60), new("convenience", Near.Home, Daily, 0.12, 22, 0, 50),
            new("hotel", Near.Work, "6", 0.1, 17, 30, 60),
        ],
        ["quiet"] =
        [
            new("convenience/kiosk", Near.Home, Daily, 0.09, 18, 30, 150), new(
                "bookshop/shoes/bicycle", Near.Home, Weekend, 0.1, 14, 0, 120), new("udon", Near.Work, Workdays, 0.08, 12, 30, 40),
        ],
    };

    public static IReadOnlyList<Habit> Of(string persona) => s_of[persona];
}
