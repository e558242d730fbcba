using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Merchants;
using Ensen.Points;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Formats;
using Ensen.Tests.Support;
using Ensen.Wallet;

namespace Ensen.Tests.Wallet;

/// <summary>
/// Receipts and their proofs, given by both engines and judged by two checkers: ours, and one that was written from docs/receipts.md
/// alone (tests/judges/check-receipt.mjs).
/// </summary>
public class ReceiptTests
{
    [Theory, BothEngines]
    public async Task Every_kind_of_entry_has_a_receipt_for_each_party_and_nobody_else(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, mei) = (await town.Member("Aoi").With(9_000.Yen()).With(500.Points(), "2026-06-30").With(70.Points()),
            await town.Member("Mei"));
        var (shop, other) = (await town.Store("パン工房つるはし"), await town.Store("Tea"));
        var charge = (await town.History(aoi)).Single().EntryId;
        var payment = (await town.Paid(aoi, shop, 1_200.Yen(), 30.Points())).PaymentId;
        var refund = (await town.Refunded(payment, shop, 400.Yen())).RefundId;
        (await town.Send(aoi, mei, 500.Yen())).Accepted.ShouldBeTrue();
        town.Clock.Set("2026-07-01 00:10");
        (await town.Expire(town.Today)).Points.ShouldBe(480.Points());
        var transfer = (await town.History(mei)).Single().EntryId;
        var expiry = (await town.History(aoi)).Single(i => i.Kind == EntryKind.Expiry).EntryId;
        (Guid Entry, Guid[] Parties)[] entries = [(charge, [aoi.Id]), (payment, [aoi.Id, shop.Id]), (refund, [aoi.Id, shop.Id]),
            (transfer, [aoi.Id, mei.Id]), (expiry, [aoi.Id])];
        Guid[] everybody = [aoi.Id, mei.Id, shop.Id, other.Id];

        foreach (var closed in (bool[])[false, true])
        {
            if (closed)
            {
                town.Clock.Set("2026-07-02 00:10");
                (await Close(town)).Count.ShouldBe(2);
            }
            var questions = new List<Question>();
            foreach (var (entry, parties) in entries)
                foreach (var asking in everybody)
                {
                    var receipt = await Give(town).Run([asking], entry);
                    if (!parties.Contains(asking))
                    {
                        receipt.ShouldBeNull();
                        (await new FindSeal(town.Db).Run(asking, entry)).ShouldBeNull();
                        continue;
                    }
                    receipt.ShouldNotBeNull();
                    (receipt.Proof.Day is null).ShouldBe(!closed);
                    // Nobody else's id is in it, however it is written: only the store's, which is known to all.
                    foreach (var stranger in everybody.Where(p => p != asking
                        && !(p == shop.Id && entry is var e && (e == payment || e == refund))))
                        foreach (var text in (string[])[stranger.ToString("N"), Id.Bare(stranger)])
                            Encoding.UTF8.GetString(receipt.ToFile()).ShouldNotContain(text);
                    questions.Add(new Question(Encoding.UTF8.GetString(receipt.ToFile()), [await RootOf(town, receipt)]));
                    var under = (await new FindSeal(town.Db).Run(asking, entry))!;
                    under.Day.ShouldBe(closed ? JapanDay.Parse(receipt.Proof.Day!.Date) : null);
                    if (!closed)
                        under.Seal.ShouldBe(await RootOf(town, receipt));
                }
            questions.Count.ShouldBe(8);

            foreach (var question in questions)
            {
                var (proven, wrong) = question.Ask();
                wrong.ShouldBeNull(question.File);
                proven!.ByDay.ShouldBe(closed);
                (question with { Roots = [new string('0', 64)] }).Ask().Wrong.ShouldNotBeNull().ShouldContain("none of the given roots");
            }
            Judged(questions).ShouldAllBe(v => v.Proven == (closed ? "day" : "seal"));
        }
        (await Give(town).Run([aoi.Id], expiry))!.Legs.ShouldBe([new ReceiptLeg("points", -500 + 30 - 10, "points", "2026-06-30")]);
    }

    [Theory, BothEngines]
    public async Task The_receipt_of_a_charge_proves_the_number_it_had_before_it_was_booked(Engine engine)
    {
        await using var teller = await Teller.Open(engine);
        var charged = (await teller.Deposit.Run(teller.Member, 5_000.Yen())).Value.ShouldNotBeNull();
        var give = new GiveReceipt(teller.Db, new Stores(teller.Db, teller.Clock));

        var receipt = (await give.Run([teller.Member], charged.ChargeId)).ShouldNotBeNull();

        receipt.EntryId.ShouldBe(charged.ChargeId.ToString());
        receipt.Proof.Entry.Id.ShouldNotBe(charged.ChargeId.Value.ToString("N"));
        var root = Convert.ToHexStringLower(ProofCheck.Of(receipt.Proof).Seal);
        var good = new Question(Encoding.UTF8.GetString(receipt.ToFile()), [root]);
        good.Ask().Wrong.ShouldBeNull();
        Mutations(good.File).ShouldNotBeEmpty();
        RefusedByBoth(good, Mutations(good.File));
    }

    [Theory, BothEngines]
    public async Task A_receipt_with_one_changed_digit_anywhere_is_refused(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, shop) = (await town.Member("Aoi").With(90_000.Yen()).With(500.Points()), await town.Store("パン工房つるはし"));
        town.Clock.Set("2026-06-01 12:34:56.789");
        var payments = await Task.WhenAll(Enumerable.Range(1, 40).Select(i => town.Paid(aoi, shop, (1_000 + i).Yen(), 3.Points())));
        town.Clock.Set("2026-06-02 00:00");
        await Close(town);
        var sealedWithOthers = payments[17].PaymentId;
        foreach (var payment in payments)
            if ((await Give(town).Run([aoi.Id], payment.PaymentId)).ShouldNotBeNull().Proof.Path.Count > 0)
                sealedWithOthers = payment.PaymentId;

        foreach (var party in (Guid[])[aoi.Id, shop.Id])
        {
            var receipt = (await Give(town).Run([party], sealedWithOthers)).ShouldNotBeNull();
            var good = new Question(Encoding.UTF8.GetString(receipt.ToFile()), [await RootOf(town, receipt)]);
            good.Ask().Proven!.ByDay.ShouldBeTrue();
            var mutations = Mutations(good.File);
            mutations.Count.ShouldBeGreaterThan(600);
            RefusedByBoth(good, mutations);
            RefusedByBoth(good, Rearranged(good.File));
        }
    }

    [Fact]
    public void The_example_of_the_document_holds_and_every_hash_in_it_is_right()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "receipts.md"));
        var file = document.Split("```json\n")[1].Split("\n```")[0];
        var proven = ProofCheck.Of(Receipt.Read(Encoding.UTF8.GetBytes(file)).Proof);

        foreach (var hash in (byte[][])[proven.Entry, proven.SealRoot, proven.Seal, proven.Day!])
            document.ShouldContain($"`{Convert.ToHexStringLower(hash)}`");
        var example = new Question(file, [Convert.ToHexStringLower(proven.Day!)]);
        example.Ask().Wrong.ShouldBeNull();
        Judged([example]).Single().Proven.ShouldBe("day");
        document.ShouldContain($"--root {example.Roots[0]}");
        RefusedByBoth(example, Mutations(file));
    }

    [Theory]
    [InlineData("", "not a receipt")]
    [InlineData("receipt", "not a receipt")]
    [InlineData("null", "not a receipt")]
    [InlineData("[]", "not a receipt")]
    [InlineData("{}", "not a receipt")]
    [InlineData("{\"entryId\":\"pay_\",\"entryId\":\"pay_\"}", "not a receipt")]
    public void What_is_no_receipt_is_said_to_be_none(string file, string words) =>
        new Question(file, [new string('0', 64)]).Ask().Wrong.ShouldNotBeNull().ShouldContain(words);

    // --- what is done to receipts ----------------------------------------------------------------------------------------------------

    /// <summary>
    /// Every character of every value changed into its neighbour, one at a time. Names are left alone: nothing vouches for them.
    /// </summary>
    static IReadOnlyList<string> Mutations(string file)
    {
        var (bytes, mutations, name) = (Encoding.UTF8.GetBytes(file), new List<string>(), "");
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                name = reader.GetString();
            if (name == "storeName" || reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
                continue;
            var start = (int)reader.TokenStartIndex + (reader.TokenType == JsonTokenType.String ? 1 : 0);
            for (var i = start; i < start + reader.ValueSpan.Length; i++)
                if (char.IsAsciiLetterOrDigit((char)bytes[i]) || bytes[i] is (byte)'-' or (byte)'+')
                {
                    var changed = (byte[])bytes.Clone();
                    changed[i] = Neighbour((char)bytes[i], first: i == start);
                    mutations.Add(Encoding.UTF8.GetString(changed));
                }
        }
        return mutations;
    }

    static byte Neighbour(char c, bool first) => (byte)(c switch
    {
        '9' => first ? '8' : '0',
        'f' => '0',
        'z' or 'Z' => 'a',
        '-' => '+',
        '+' => '-',
        _ => c + 1,
    });

    static List<string> Rearranged(string file)
    {
        var changed = new List<string>();
        void Change(Action<JsonNode> how)
        {
            var receipt = JsonNode.Parse(file)!;
            var before = receipt.ToJsonString();
            how(receipt);
            // An entry that is sealed alone has no path that could be taken away.
            if (receipt.ToJsonString() is var after && after != before)
                changed.Add(after);
        }
        Change(r => r["legs"]!.AsArray().RemoveAt(0));
        Change(r => r["legs"]!.AsArray().Add(r["legs"]![0]!.DeepClone()));
        Change(r => r["proof"]!["legs"]!.AsArray().RemoveAt(0));
        Change(r => Swap(r["proof"]!["legs"]!.AsArray()));
        Change(r => r["proof"]!["path"]!.AsArray().Add(new string('a', 64)));
        Change(r => r["proof"]!["path"]!.AsArray().Clear());
        Change(r => r["proof"]!["day"] = null);
        Change(r => r["proof"]!["version"] = 2);
        Change(r => r["proof"]!["note"] = "hello");
        Change(r => r["proof"]!.AsObject().Remove("initiator"));
        Change(r => r["proof"]!["party"] = r["proof"]!["entry"]!["id"]!.DeepClone());
        Change(r => r["storeId"] = null);
        Change(r => r["kind"] = "refund");
        Change(r => r["proof"]!["seal"]!["entries"] = 0);
        Change(r => r["proof"]!["index"] = -1);
        Change(r => r["proof"]!["entry"]!["kind"] = 9_999_999);
        Change(r => r["proof"]!["entry"]!["atMs"] = 1.5);
        Change(r => r["proof"]!["entry"]!["id"] = r["proof"]!["entry"]!["id"]!.GetValue<string>().ToUpperInvariant());
        return changed;
    }

    static void Swap(JsonArray legs)
    {
        var first = legs[0]!;
        legs.RemoveAt(0);
        legs.Insert(1, first);
    }

    static void RefusedByBoth(Question good, IReadOnlyList<string> files)
    {
        var questions = files.Select(file => good with { File = file }).ToList();
        var verdicts = Judged(questions);
        for (var i = 0; i < files.Count; i++)
        {
            var (proven, wrong) = questions[i].Ask();
            (proven is null && wrong is { Length: > 0 }).ShouldBeTrue($"our checker accepts {files[i]}");
            verdicts[i].Proven.ShouldBeNull($"the second checker accepts {files[i]}");
        }
    }

    static IReadOnlyList<Verdict> Judged(IReadOnlyList<Question> questions) =>
        Judges.Ask<Verdict[]>("check-receipt.mjs", questions.Select(q => new { file = q.File, roots = q.Roots }));

    static async Task<string> RootOf(Town town, Receipt receipt)
    {
        if (receipt.Proof.Day is not { } day)
        {
            await using var seals = await town.Db.Connect();
            return Convert.ToHexStringLower((await Dapper.SqlMapper.ExecuteScalarAsync<byte[]>(
                seals, "select hash from seal where lane = @Lane and number = @Number",
                new { receipt.Proof.Seal.Lane, receipt.Proof.Seal.Number }))!);
        }
        await using var connection = await town.Db.Connect();
        return (await DayRoots.Find(connection, JapanDay.Parse(day.Date)))!.Hex;
    }

    static GiveReceipt Give(Town town) => new(town.Db, new Stores(town.Db, town.Clock));

    static Task<IReadOnlyList<DayRoot>> Close(Town town) => new CloseSeals(town.Db, new RootFolder(null), town.Clock).Run(town.Today);

    sealed record Question(string File, string[] Roots)
    {
        public (CheckedReceipt? Proven, string? Wrong) Ask() =>
            new ReceiptCheck(SandboxModule.Catalogue).Of(Encoding.UTF8.GetBytes(File), Roots);
    }

    sealed record Verdict(
        [property: System.Text.Json.Serialization.JsonPropertyName("proven")] string? Proven,
        [property: System.Text.Json.Serialization.JsonPropertyName("wrong")] string? Wrong);
}
