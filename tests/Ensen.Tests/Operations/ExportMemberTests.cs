using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Members;
using Ensen.Notices;
using Ensen.Operations;
using Ensen.Sandbox;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Operations;

/// <summary>
/// A member gets everything that is kept about them. Whoever adds a table or a column that says something of a member declares it
/// (<see cref="PersonalTable"/>), or these tests name it.
/// </summary>
public class ExportMemberTests
{
    /// <summary>What columns are called that hold a member, a session, or whoever acted.</summary>
    static readonly string[] s_ofSomebody =
        ["member", "member_id", "from_member", "to_member", "owner", "subject", "caller", "initiator_id", "session", "session_id", "by_whom"];

    /// <summary>Tables whose owners and sessions are never a member's: the shop's, and the installation's own.</summary>
    static readonly string[] s_ofOthers = ["tag_uid"];

    [Theory, BothEngines]
    public async Task No_table_that_names_a_member_is_forgotten_and_no_column_of_one_that_is_exported(Engine engine)
    {
        await using var town = await Town.On(engine);
        var declared = SandboxModule.Catalogue.All<PersonalTable>().ToDictionary(t => t.Name);

        var complaints = new List<string>();
        foreach (var (table, columns) in await Tables(town))
        {
            if (!declared.TryGetValue(table, out var personal))
            {
                if (columns.Any(s_ofSomebody.Contains) && !s_ofOthers.Contains(table))
                    complaints.Add($"{table} names somebody, and no module says what of it a member gets");
                continue;
            }
            if (personal.Section is null)
                continue;
            complaints.AddRange(columns.Where(c => !personal.WithoutColumns.Contains(c) && personal.Fields.All(f => f.Sql != c))
                .Select(c => $"{table}.{c} is neither exported nor left out"));
            complaints.AddRange(personal.WithoutColumns.Where(c => !columns.Contains(c)).Select(c => $"{table}.{c} is left out and is not there"));
        }
        complaints.AddRange(declared.Values.Where(t => t.Leaving is null).Select(t => $"{t.Name} does not say what becomes of it when its member leaves"));
        complaints.AddRange(declared.Values.Where(t => t.Leaving is { What: not WhenLeft.Erased, Why: null or "" })
            .Select(t => $"{t.Name} stays and does not say why"));
        complaints.AddRange(declared.Values.Where(t => t.Section is null && string.IsNullOrWhiteSpace(t.Why)).Select(t => $"{t.Name} has no reason"));

        complaints.ShouldBeEmpty();
    }

    // Whatever a column is called: a member who did all there is to do is looked for, by their ids and addresses, in every row of every table.
    [Theory, BothEngines]
    public async Task No_table_in_which_a_busy_member_is_found_is_forgotten(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, session) = await Busy(town);
        byte[][] marks =
        [
            aoi.Value.ToByteArray(bigEndian: true), session.Session.Value.ToByteArray(bigEndian: true),
            Encoding.UTF8.GetBytes(aoi.ToString()), Encoding.UTF8.GetBytes("aoi@example.jp"), Encoding.UTF8.GetBytes("819000000001"),
        ];
        var declared = SandboxModule.Catalogue.All<PersonalTable>().Select(t => t.Name).ToHashSet();

        var found = new List<string>();
        await using var connection = await town.Db.Connect(Ct);
        foreach (var (table, _) in await Tables(town))
            if ((await connection.QueryAsync($"select * from {table} limit 10000")).Any(row =>
                ((IDictionary<string, object?>)row).Values.Any(value => Holds(value, marks))))
                found.Add(table);

        found.Count.ShouldBeGreaterThan(20, "the member was busy");
        found.Where(t => !declared.Contains(t)).ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task The_export_is_whole_and_holds_no_secret_and_nothing_of_others(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, _) = await Busy(town);

        var export = (await town.Get<ExportMember>().Run(aoi, Ct))!;

        export["profile"]![0]!["telephone"]!.GetValue<string>().ShouldBe("+819000000001");
        export["profile"]![0]!["memberId"]!.GetValue<string>().ShouldBe(aoi.ToString());
        foreach (var section in (string[])["addresses", "devices", "passwords", "proofs", "restrictions", "movements", "accounts", "payments",
            "refunds", "transfers", "limits", "notices", "requests", "addressChanges", "telephoneChanges", "recoveryCodes", "shownCodes"])
            export[section]!.AsArray().ShouldNotBeEmpty(section);
        export["transfers"]!.AsArray().Select(t => t!["direction"]!.GetValue<string>()).Order().ShouldBe(["received", "sent"]);
        export["payments"]![0]!["storeName"]!.GetValue<string>().ShouldBe("Café Loop");
        var text = export.ToJsonString();
        text.ShouldNotContain("hash", Case.Insensitive);
        text.ShouldNotContain("secret", Case.Insensitive);
        text.ShouldNotContain("theft", Case.Sensitive, "why an operator froze is not the member's to know");
        text.ShouldNotContain("Zenjiro", Case.Insensitive, "who sent and received is the other party's");
        await using var connection = await town.Db.Connect(Ct);
        text.ShouldNotContain((await connection.ExecuteScalarAsync<string>("select hash from credential where owner = @aoi", new { aoi }))!);
        (await town.Get<ExportMember>().Run(new MemberId(Guid.CreateVersion7()), Ct)).ShouldBeNull();
    }

    static bool Holds(object? value, byte[][] marks)
    {
        var bytes = value switch
        {
            Guid id => id.ToByteArray(bigEndian: true),
            byte[] some => some,
            string text => Encoding.UTF8.GetBytes(text),
            _ => [],
        };
        return marks.Any(mark => bytes.AsSpan().IndexOf(mark) >= 0);
    }

    static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> Tables(Town town)
    {
        await using var connection = await town.Db.Connect(Ct);
        var rows = town.Db.Engine == Engine.Sqlite
            ? await connection.QueryAsync<(string Table, string Column)>(
                "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite%'")
            : await connection.QueryAsync<(string Table, string Column)>(
                "select table_name, column_name from information_schema.columns where table_schema = 'public'");
        return rows.GroupBy(r => r.Table).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(r => r.Column)]);
    }

    /// <summary>A member with a row wherever there can be one.</summary>
    static async Task<(MemberId Aoi, Caller Session)> Busy(Town town)
    {
        var sandbox = new SandboxGateways(town.Db, town.Get<Outbox>(), town.Clock);
        town.Get<Outbox>().On(Notice.Kind, new MailNotices(town.Db, sandbox.Mail, town.Get<MailBounces>(), town.Programme, town.Clock).Run);
        var made = (await town.Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest(
            "Aoi", Verified: true, "aoi@example.jp", "090-0000-0001", PasswordHash.Make("Loop-line-09")), Ct)).Value!;
        var aoi = new Resident(made.Id, "Aoi", true);
        var ren = await town.Member("Zenjiro").With(5_000.Yen());
        var cafe = await town.Store("Café Loop");
        await town.Give(aoi, 50_000.Yen());
        var session = (await town.Get<Sessions>().Open(Subject.Member(aoi.Id), "Firefox", assurance: AssuranceLevel.Password, ct: Ct)).Caller;
        var paid = await town.Paid(aoi, cafe, 1_200.Yen());
        await town.Refunded(paid.PaymentId, cafe, 200.Yen());
        (await town.Send(aoi, ren, 500.Yen(), note: "lunch")).Accepted.ShouldBeTrue();
        (await town.Send(ren, aoi, 300.Yen())).Accepted.ShouldBeTrue();
        (await town.Get<Codes.ShowCode>().Run(aoi.Id, session.Session, ct: Ct)).Accepted.ShouldBeTrue();
        await town.Get<ChangeOwnCaps>().Run(new OwnCapsRequest(aoi.Payer, new OwnCaps(20_000.Yen(), null, null), new StepUpProof(session)), Ct);
        await town.Get<StepUp>().Begin(session, Thaw.Purpose, ProofMethod.Call, ct: Ct);
        await Prove(ChangeFactors.Purpose);
        (await town.Get<ChangeFactors>().MakeCodes(Subject.Member(aoi.Id), new StepUpProof(session), "Firefox", Ct)).Accepted.ShouldBeTrue();
        await Prove(ChangeMail.Purpose);
        (await town.Get<ChangeMail>().Ask(new(aoi.Id, "aoi.new@example.jp", new StepUpProof(session), "Firefox"), Ct)).Accepted.ShouldBeTrue();
        await Prove(ChangeTelephone.Purpose);
        (await town.Get<ChangeTelephone>().Ask(new(aoi.Id, "090-0000-0009", new StepUpProof(session)), Ct)).ShouldBe(ChangeTelephoneRefusal.None);
        await town.Db.Transact(tx => town.Get<LowCaps>().Begin(tx, aoi.Id, LowCapsCause.NewDevice), Ct);
        await town.Freeze(aoi, "theft");
        await town.Get<Outbox>().RunDue(Ct);
        return (aoi.Id, session);

        Task Prove(StepUpPurpose purpose) => town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, session, purpose), Ct);
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;
}
