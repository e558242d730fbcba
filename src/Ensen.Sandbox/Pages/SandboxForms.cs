using System.Globalization;
using System.Security.Cryptography;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Identity;
using Ensen.Members;
using Ensen.Merchants;
using Ensen.Sandbox.Gateways;
using Ensen.Sandbox.Walk;
using Ensen.Operations;
using Ensen.Ui;
using Microsoft.AspNetCore.Mvc;

namespace Ensen.Sandbox.Pages;

/// <summary>What the outside world's page sends. Mapped only where the sandbox is on.</summary>
static class SandboxForms
{
    public static IReadOnlyList<string> Steps { get; } = ["Hour", "Day", "Month", "April"];
    public static IReadOnlyList<int> Times { get; } = [1, 2, 3, 5, 10];
    public static IReadOnlyList<int> Delays { get; } = [2, 10, 60];

    /// <summary>In which section of the page this is said; null for what is never said.</summary>
    public static string? WhereSaid(string? said) => said switch
    {
        "Moved" or "NotMoved" => "clock",
        "Mood" => "bank",
        "TagAdded" or "NoTag" => "tags",
        "WrongCompany" => "atm",
        "Called" or "NotCalled" => "telephone",
        "Reported" or "NotReported" => "reader",
        _ => Enum.GetNames<AtmTaking>().Contains(said) ? "atm" : null,
    };

    public static string Grouped(long amount) => amount.ToString("#,0", CultureInfo.InvariantCulture);

    public static void MapSandbox(this IEndpointRouteBuilder app)
    {
        var sandbox = app.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        sandbox.MapForm("/sandbox/clock", Move);
        sandbox.MapForm("/sandbox/mood", SetMood);
        sandbox.MapForm("/sandbox/atm", PutNotes);
        sandbox.MapForm("/sandbox/call", Call);
        sandbox.MapForm("/sandbox/reader", Report);
        sandbox.MapForm("/sandbox/touch", Touch);
        sandbox.MapForm("/sandbox/tags", AddTag);
        GateForms.Map(sandbox);
        CreditCompanyForms.Map(sandbox);
        PeopleForms.Map(sandbox);
        WalkForms.Map(sandbox);
    }

    static async Task<IResult> Move(MoveClock clock, [FromForm] string? by, CancellationToken ct)
    {
        var now = JapanDay.InTokyo(clock.Now.Now);
        var to = by switch
        {
            "Hour" => now.AddHours(1),
            "Day" => now.AddDays(1),
            "Month" => now.AddMonths(1),
            "April" => FiscalYear.Of(JapanDay.Of(now)).Next.FirstDay.Start,
            _ => now,
        };
        return Say(to > now && (await clock.Run(to - now, ct)).Accepted ? "Moved" : "NotMoved");
    }

    static async Task<IResult> SetMood(
        SandboxGateways world, [FromForm] string? gateway, [FromForm] string? mood, [FromForm] int? times, [FromForm] int? delay,
        CancellationToken ct)
    {
        if (!Enum.TryParse<Gateway>(gateway, out var whose) || !Enum.IsDefined(whose) || !Enum.TryParse<FaultMode>(mood, out var how)
            || !Enum.IsDefined(how))
            return Results.BadRequest();
        await world.Moods.Set(whose, how, Math.Clamp(times ?? 1, 0, 100), TimeSpan.FromSeconds(Math.Clamp(delay ?? 2, 0, 3_600)), ct);
        return Say("Mood");
    }

    static async Task<IResult> PutNotes(
        SandboxGateways world, [FromForm] string? company, [FromForm] string? customer, [FromForm] string? notes, CancellationToken ct)
    {
        if (company?.Trim() != SandboxAtm.CompanyNumber)
            return Say("WrongCompany");
        var taking = TypedAmount.TryRead(notes, out var yen)
            ? await world.Atm.PutNotes((customer ?? "").Replace(" ", "", StringComparison.Ordinal), yen, ct)
            : AtmTaking.NotesOnly;
        return Say(taking.ToString());
    }

    /// <summary>
    /// A telephone calls a number: typed on the sandbox's page, or both at once by a press on the page that told the number.
    /// </summary>
    static async Task<IResult> Call(
        SandboxGateways world, HearCall hear, TimeProvider clock, [FromForm] string? from, [FromForm] string? dial, [FromForm] string? call,
        [FromForm] string? back, CancellationToken ct)
    {
        if (call?.Split(' ') is [var caller, var number])
            (from, dial) = (caller, number);
        var matched = await world.Telephone.Call(hear, from, dial, clock, ct);
        return back is ['/', not '/' and not '\\', ..] && !back.Any(char.IsControl) ? Results.LocalRedirect(back)
            : Say(matched ? "Called" : "NotCalled");
    }

    /// <summary>The reader of cards reports what whoever plays says.</summary>
    static async Task<IResult> Report(SandboxGateways world, [FromForm] string? order, [FromForm] string? finding, CancellationToken ct) =>
        Say(Id.TryParseBare(order ?? "", out var id) && HearIdentityReport.FindingOf(finding) is { } found
            && await world.Identity.Say(id, found, ct: ct) ? "Reported" : "NotReported");

    /// <summary>
    /// A cryptographic tag is touched: it says its next number with a proof of it. Again: the touch before is played back, as from a copy.
    /// </summary>
    static async Task<IResult> Touch(Tags tags, CodeKeys keys, [FromForm] string? tag, [FromForm] string? again, CancellationToken ct)
    {
        if (!Id.TryParse(tag, out TagId id) || await tags.Resolve(id, ct) is not { Accepted: true, Value: { Uid: { } uid } touched })
            return Say("NoTag");
        var counter = again is null ? Math.Max(touched.Counter, 0) + 1 : touched.Counter;
        var said = SunMessage.Make(new TagTouch(uid, (int)counter), keys.Tags);
        return Results.LocalRedirect($"/t/{tag}?picc={said.PiccData}&cmac={said.Cmac}");
    }

    static async Task<IResult> AddTag(Tags tags, Stores stores, [FromForm] string? store, CancellationToken ct)
    {
        var added = Id.TryParse(store, out StoreId id) && await stores.Find(id, ct) is not null
            && await tags.Register(id, Convert.ToHexString(RandomNumberGenerator.GetBytes(7)), 0, ct) is not null;
        return Say(added ? "TagAdded" : "NoTag");
    }

    static IResult Say(string said) => Results.LocalRedirect($"/sandbox?said={said}#{WhereSaid(said)}");
}
