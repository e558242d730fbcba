using System.Collections.Frozen;

namespace Ensen.Ui;

/// <summary>The outlines of Ensen's icons by name, each a single path on a 24 by 24 grid.</summary>
public static class Icons
{
    private static readonly FrozenDictionary<string, string> Paths = new Dictionary<string, string>
    {
        // the five places
        ["home"] = "M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-5h4v5",
        ["points"] =
            "M3 17h18M7 17a2 2 0 1 0-4 0 2 2 0 0 0 4 0M21 17a2 2 0 1 0-4 0 2 2 0 0 0 4 0M12 3l1.8 3.7 4.1.6-3 2.9.7 4-3.6-1.9-3.6 1.9.7-4-3-2.9 4.1-.6z",
        ["pay"] = "M5 4l7 9 7-9M6 13h12M6 17h12M12 13v8",
        ["history"] = "M6 3v18l2-1.5 2 1.5 2-1.5 2 1.5 2-1.5 2 1.5V3l-2 1.5L14 3l-2 1.5L10 3 8 4.5zM9 9h6M9 13h6",
        ["account"] = "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 21c.6-4.2 3.6-6 7.5-6s6.9 1.8 7.5 6",
        // money that moves
        ["charge"] = "M12 4v11M7.5 10.5L12 15l4.5-4.5M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3",
        ["send"] = "M21 4L3 11l7 3 3 7zM10 14l5-5",
        ["split"] = "M12 21v-8M12 13L5 6M12 13l7-7M5 10V6h4M15 6h4v4",
        ["refund"] = "M9 5L4 10l5 5M4 10h10a6 6 0 0 1 0 12h-3",
        ["bank"] = "M3 10l9-6 9 6zM5 10v8M10 10v8M14 10v8M19 10v8M3 20h18",
        ["card"] = "M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2M3 10h18M7 15h3",
        ["cards"] = "M8 8h11a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2M3 16V7a3 3 0 0 1 3-3h11M10 16h4",
        ["atm"] = "M4 4h16v9H4zM8 17h8M9 13v7h6v-7M8 8h8",
        ["gift"] = "M4 11h16v9H4zM3 7h18v4H3zM12 7v13M12 7c-3 0-5-1-5-2.5S9.5 2.5 12 7c2.5-4.5 5-4 5-2.5S15 7 12 7",
        // what a hand does
        ["scan"] = "M4 8V6a2 2 0 0 1 2-2h2M16 4h2a2 2 0 0 1 2 2v2M20 16v2a2 2 0 0 1-2 2h-2M8 20H6a2 2 0 0 1-2-2v-2M4 12h16",
        ["tag"] = "M8.5 8a6 6 0 0 0 0 8M5.5 5a10 10 0 0 0 0 14M15.5 8a6 6 0 0 1 0 8M18.5 5a10 10 0 0 1 0 14M12 12h.01",
        ["qr"] = "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h3v3h-3zM20 14v3M14 20h3M20 20v.01",
        ["camera"] =
            "M4 8h3l2-3h6l2 3h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1M12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7",
        ["erase"] = "M9 6h11a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H9l-6-6zM12 10l4 4M16 10l-4 4",
        ["search"] = "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M16 16l5 5",
        ["download"] = "M12 4v11M7.5 10.5L12 15l4.5-4.5M5 20h14",
        ["upload"] = "M12 15V4M7.5 8.5L12 4l4.5 4.5M5 20h14",
        ["print"] = "M7 9V4h10v5M7 17H5a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2h-2M7 14h10v6H7z",
        ["copy"] = "M9 9h10v11H9zM5 15V4h10",
        ["edit"] = "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
        ["list"] = "M4 6h16M4 12h16M4 18h10",
        ["filter"] = "M4 6h16M7 12h10M10 18h4",
        ["renew"] = "M20 11A8 8 0 0 0 6 6.5L4 8.5M4 4v4.5h4.5M4 13a8 8 0 0 0 14 4.5l2-2M20 20v-4.5h-4.5",
        ["plus"] = "M12 5v14M5 12h14",
        ["minus"] = "M5 12h14",
        // ways
        ["back"] = "M15 5l-7 7 7 7",
        ["next"] = "M9 5l7 7-7 7",
        ["down"] = "M5 9l7 7 7-7",
        ["close"] = "M6 6l12 12M18 6L6 18",
        ["out"] = "M14 5h5v5M19 5l-8 8M17 14v5H5V7h5",
        ["leave"] = "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
        // states
        ["check"] = "M5 12.5l5 5L20 7",
        ["alert"] = "M12 4l9.5 16h-19zM12 10v4.5M12 17.3v.1",
        ["question"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.5v.1",
        ["clock"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3.5 2",
        ["eye"] = "M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
        ["eye-off"] = "M4 4l16 16M9.5 6c5-1.3 9 1 12 6-.8 1.5-1.8 2.7-2.8 3.6M6 8c-1.4 1-2.5 2.3-3.5 4 2.9 5 6.8 7.3 11.5 6.3",
        ["lock"] = "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 15v2",
        ["key"] = "M8 19a4 4 0 1 0 0-8 4 4 0 0 0 0 8M11 12.5L19 4.5M16 7.5l3 3",
        ["shield"] = "M12 3l8 3v5c0 5-3.2 8.3-8 10-4.8-1.7-8-5-8-10V6zM8.5 12l2.5 2.5 4.5-4.5",
        ["snow"] = "M12 3v18M4.2 7.5l15.6 9M19.8 7.5l-15.6 9M12 6l-2-2M12 6l2-2M12 18l-2 2M12 18l2 2",
        ["bell"] = "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4",
        ["sound"] = "M4 10v4h3l5 4V6l-5 4zM16 9.5a4 4 0 0 1 0 5M18.5 7a8 8 0 0 1 0 10",
        ["sun"] = "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
        ["moon"] = "M19.5 14.5A8 8 0 1 1 9.5 4.5a6.5 6.5 0 0 0 10 10",
        // the world outside
        ["train"] = "M8 4h8a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3H8a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3M5 11h14M12 4v7M8.5 14v.1M15.5 14v.1M8 17l-2.5 4M16 17l2.5 4M7 19.5h10",
        ["goal"] = "M6 21V4M6 5h12l-2.5 3.5L18 12H6",
        ["pin"] = "M12 21c4.5-5 7-8 7-11.5a7 7 0 0 0-14 0C5 13 7.5 16 12 21M12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
        ["store"] = "M4 10v10h16V10M3 10l2-6h14l2 6c0 1.5-1.2 2.5-2.5 2.5S16.5 11.5 16.5 10c0 1.5-1 2.5-2.25 2.5S12 11.5 12 10c0 1.5-1 2.5-2.25 2.5S7.5 11.5 7.5 10c0 1.5-1 2.5-2 2.5S3 11.5 3 10M10 20v-4h4v4",
        ["people"] =
            "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c.5-3.8 3-5.5 6.5-5.5s6 1.7 6.5 5.5M16 4.5a3.5 3.5 0 0 1 0 6M17.5 14.5c2.3.6 3.7 2.4 4 5.5",
        ["phone"] = "M5 4h4l1.5 5-2.5 1.5a12 12 0 0 0 5.5 5.5L15 13.5l5 1.5v4a1.5 1.5 0 0 1-1.5 1.5C10.5 20.5 3.5 13.5 3.5 5.5A1.5 1.5 0 0 1 5 4",
        ["mail"] = "M3.5 6h17v12h-17zM4 6.5l8 6.5 8-6.5",
        ["device"] = "M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3M11 18h2",
        ["globe"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
        ["link"] = "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7L12 17",
        ["chart"] = "M4 20h16M7 20v-7M12 20V6M17 20v-10",
        ["settings"] = "M4 7h9M17 7h3M15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4M4 17h3M11 17h9M9 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4",
        ["calendar"] = "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
    }.ToFrozenDictionary();

    public static IReadOnlyCollection<string> Names => Paths.Keys;

    /// <summary>The outline of an icon. An unknown name is a mistake of the page and fails loudly.</summary>
    public static string Path(string name) => Paths.TryGetValue(name, out var path)
        ? path
        : throw new ArgumentOutOfRangeException(nameof(name), name, "There is no icon of this name.");
}
