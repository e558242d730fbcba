using System.Globalization;
using System.Text.Json.Nodes;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Codes;
using Ensen.Formats;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Notices;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ensen.Tests.Basics;

/// <summary>Each setting of a programme at both its ends, and then a day with it: what start accepts never fails later.</summary>
public class ProgrammeWalk
{
    static readonly byte[] s_key = new byte[32];

    public static TheoryData<string> Names => [.. ProgrammeSettings.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_accepted_works(string name)
    {
        foreach (var end in ProgrammeSettings.All.Single(s => s.Name == name).Allowed.Ends)
            await Day(Programme.Read(File(name, end)), name.StartsWith("membership.", StringComparison.Ordinal)
                || !name.Contains('.', StringComparison.Ordinal));
    }

    static async Task Day(Programme programme, bool joins)
    {
        await using var town = await Town.On(Engine.Sqlite, programme);
        var (db, clock) = (town.Db, town.Clock);
        var outbox = new Outbox(db, clock, NullLogger<Outbox>.Instance);
        var sandbox = new SandboxGateways(db, outbox, clock);
        outbox.On(ChargeWork.Kind,
            new ChargeWork(db, sandbox.Outside, new ChargeOutcome(db, town.Ledger, programme, clock), programme).Start());

        var shop = await town.Store("Café Loop");
        var aoi = await town.Member("Aoi").With(1.Yen());
        var ren = await town.Member("Ren").Unverified().WithPrepaid(1.Yen());
        foreach (var who in (Resident[])[aoi, ren])
        {
            var paid = await town.Paid(who, shop, 1.Yen());
            await town.Refunded(paid.PaymentId, shop, 1.Yen());
            (await town.Wallet(who)).Balance.ShouldBe(1.Yen());
            foreach (var limit in await new ChargeLimits(db, sandbox.Outside, programme, clock).Of(who.Payer))
                (limit.Most % limit.Step).ShouldBe(0);
        }
        (await town.Send(aoi, await town.Member("Yui"), 1.Yen())).Accepted.ShouldBeTrue();

        await Charge(town, sandbox, new Charge(db, town.Ledger, outbox, sandbox.Outside, programme, clock));
        await Codes(town, aoi);
        await Sessions(town, aoi);
        if (joins)
            await Join(town, sandbox, outbox);
    }

    static async Task Charge(Town town, SandboxGateways sandbox, Charge charge)
    {
        foreach (var source in Enum.GetValues<ChargeSource>())
        {
            var bounds = source switch
            {
                ChargeSource.Bank => town.Programme.Charges.Bank,
                ChargeSource.Card => town.Programme.Charges.Card,
                _ => town.Programme.Charges.Atm
            };
            var amount = (bounds.Least + bounds.Step - 1) / bounds.Step * bounds.Step;
            var who = await town.Member("Sora");
            var answer = await charge.Run(new ChargeRequest(who.Payer, source, amount.Yen(), Town.Key(who.Id, null, source, amount)));
            if (amount > town.Programme.BalanceCap)
            {
                answer.Refusal.ShouldBe(ChargeRefusal.OverLimit);
                continue;
            }
            answer.Accepted.ShouldBeTrue($"{source} {amount}: {answer.Refusal}");
            answer.Value.State.ShouldBe(source == ChargeSource.Atm ? ChargeState.Requested : ChargeState.Completed);
            if (source == ChargeSource.Atm && amount % 1_000 == 0 && amount <= 2_000_000)
                (await sandbox.Atm.PutNotes(answer.Value.Atm!.CustomerNumber, amount.Yen())).ShouldBe(AtmTaking.Taken);
        }
    }

    static async Task Codes(Town town, Resident who)
    {
        var (rules, now) = (town.Programme.Codes, town.Clock.GetUtcNow());
        var shown = (await new ShowCode(town.Db, town.Programme, town.Clock).Run(who.Id, new SessionId(Guid.NewGuid()))).Value!;
        foreach (var text in (string[])[shown.Digits, shown.Qr])
            ShownCodeNumber.TryScan(text, rules.Prefix, out _, out var fault).ShouldBeTrue(fault.ToString());
        shown.ExpiresAt.ShouldBe(now.AddSeconds(rules.LifeSeconds), TimeSpan.FromSeconds(1));

        var sign = new StoreSign("str_1", "Café", "Cafe", "Osaka", "530-0001", "5462");
        var until = DateTimeOffset.FromUnixTimeSeconds(now.AddSeconds(rules.DynamicQrSeconds).ToUnixTimeSeconds());
        var qr = MerchantQr.Dynamic(sign, new Bill(1, "A1", until), s_key);
        MerchantQr.TryRead(qr, s_key, until.AddSeconds(-1), out _, out _).ShouldBeTrue();
        MerchantQr.TryRead(qr, s_key, until, out _, out _).ShouldBeFalse();
    }

    static async Task Sessions(Town town, Resident who)
    {
        var sessions = new Sessions(town.Db, town.Programme, town.Clock);
        foreach (var kind in (SubjectKind[])[SubjectKind.Member, SubjectKind.Till, SubjectKind.Merchant])
            (await sessions.Who((await sessions.Open(new Subject(kind, who.Id), "Test", kind == SubjectKind.Till ? Id.New(town.Clock)
                : null)).Token)).ShouldNotBeNull();
        var rules = town.Programme.Membership;
        var within = TimeSpan.FromMinutes(rules.TriesMinutes);
        foreach (var most in (int[])[rules.TriesPerAccount, rules.TriesPerAddress, rules.TriesPerAccountAndAddress])
            (await new AttemptLimiter(town.Db, town.Clock).Count("walk", $"{Guid.NewGuid()}", new AttemptLimit(most, within)))
                .ShouldBeTrue();
    }

    static async Task Join(Town town, SandboxGateways sandbox, Outbox outbox)
    {
        outbox.On(Notice.Kind, new MailNotices(town.Db, sandbox.Mail, new MailBounces(town.Db, town.Clock), town.Programme, town.Clock).Run);
        var directory = new MemberDirectory(town.Db, town.Clock);
        var confirm = new ConfirmMail(town.Db, outbox, directory, new AttemptLimiter(town.Db, town.Clock), town.Programme, town.Clock);
        var joined = await new Register(town.Db, outbox, confirm, new AttemptLimiter(town.Db, town.Clock), new HashLine(), town.Programme,
            town.Clock).Run(new RegisterRequest("Aoi", "aoi@example.jp", "090-1234-5678", "Loop!line09Abcdef", "ja"));
        joined.Accepted.ShouldBeTrue(joined.Refusal.ToString());
        await outbox.RunDue(CancellationToken.None);
        var mail = (await sandbox.Mail.Latest(1)).ShouldHaveSingleItem();
        mail.Subject.ShouldContain(town.Programme.Name);
        var link = mail.Body.Split('\n').Single(line => line.StartsWith(town.Programme.Origin, StringComparison.Ordinal)).Trim();
        (await confirm.Run(link.Split("token=")[1])).Accepted.ShouldBeTrue();
        (await confirm.SendAgain(joined.Value.Member.Id)).Refusal.ShouldBe(SendMailRefusal.NotFound);
    }

    /// <summary>
    /// A file that says this; what stands in its way is lowered with it to its lower end, or raised with it to its upper one.
    /// </summary>
    static string File(string name, string value)
    {
        var file = new Programme().ToJson();
        var low = value == ProgrammeSettings.All.Single(s => s.Name == name).Allowed.Ends[0];
        void Set(string setting, JsonNode to)
        {
            var parts = setting.Split('.');
            parts[..^1].Aggregate(file, (node, part) => node[part]!)[parts[^1]] = to;
        }
        long Number(string setting) =>
            long.Parse(setting.Split('.').Aggregate(file, (node, part) => node[part]!).ToJsonString(), CultureInfo.InvariantCulture);

        Set(name, ProgrammeSettings.All.Single(s => s.Name == name).Allowed is WholeNumbers
            ? long.Parse(value, CultureInfo.InvariantCulture) : value);
        for (var settled = false; !settled;)
        {
            settled = true;
            foreach (var (smaller, larger, strictly) in ProgrammeSettings.Agreements)
            {
                var gap = strictly ? 1 : 0;
                if (Number(smaller) + gap <= Number(larger))
                    continue;
                settled = false;
                if (low)
                    Set(smaller, Number(larger) - gap);
                else
                    Set(larger, Number(smaller) + gap);
            }
            foreach (var way in (string[])["charges.card", "charges.bank", "charges.atm"])
                if (Number($"{way}.most") / Number($"{way}.step") * Number($"{way}.step") < Number($"{way}.least"))
                {
                    settled = false;
                    if (name == $"{way}.step")
                        Set($"{way}.most", Number(name));
                    else
                        Set($"{way}.step", 1);
                }
        }
        return file.ToJsonString();
    }
}
