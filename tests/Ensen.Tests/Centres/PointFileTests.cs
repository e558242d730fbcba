using System.Text;
using Ensen.Basics;
using Ensen.Centres;
using Ensen.Ledger;
using Ensen.Points;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Centres;

/// <summary>Files of tills that were offline: whole or not at all, once, and each wrong line named (attack 37).</summary>
public class PointFileTests
{
    // What the file holds (| ends a line, N is the member's number) and what is said of it.
    const string Table =
        """
        code,amount,receipt|N,1100,a|N,110,b|total,1210,2|                  2 accepted
        code,amount,receipt|N,1100,a|total,1100,1                           1 accepted
        code,amount,receipt|N,109,a|total,109,1|                            1 accepted
        code,amount,receipt|N,1100,a|N,110,b|total,1211,2|                  4 WrongTotal
        code,amount,receipt|N,1100,a|N,110,b|total,1210,3|                  4 WrongTotal
        code,amount,receipt|N,1100,a|N,110,b|total,1210|                    4 WrongTotal
        code,amount,receipt|N,1100,a|N,110,b|                               3 Truncated
        code,amount,receipt|N,1100,a|N,11                                   3 WrongFields, 3 Truncated
        code,amount,receipt|                                                1 Truncated
        code,amount,receipt|total,0,0|                                      2 Empty
        code,amount,receipts|N,1100,a|total,1100,1|                         1 WrongHeader
        N,1100,a|total,1100,1|                                              1 WrongHeader
        code,amount,receipt|N,1100,a|N,110,a|total,1210,2|                  3 DuplicateReceipt
        code,amount,receipt|800000000000,1100,a|N,110,b|total,1210,2|       2 InvalidCode
        code,amount,receipt|N,0,a|N,-1,b|N,1e9,c|N,1000000000,d|total,0,4|  2 InvalidAmount, 3 InvalidAmount, 4 InvalidAmount, 5 InvalidAmount
        code,amount,receipt|N,1100,|N,1100,b,c|total,2200,2|                2 InvalidReceipt, 3 WrongFields
        code,amount,receipt|N,1100,a|total,1100,1|N,110,b|                  3 InvalidCode, 4 Truncated
        """;

    [Theory, BothEngines]
    public async Task A_file_is_taken_whole_or_each_wrong_line_is_named(Engine engine)
    {
        await using var town = await Town.On(engine);
        var aoi = await town.Member("Aoi");
        foreach (var row in Table.Split('\n').Select(r => r.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            var counter = await Counter.In(town);
            var before = await town.Count("select count(*) from point_award");
            var bytes = Encoding.UTF8.GetBytes(row[0].Replace("N", await counter.NumberOf(aoi), StringComparison.Ordinal).Replace('|', '\n'));

            var file = await Take(counter, bytes);

            (file.Accepted > 0 ? $"{file.Accepted} accepted" : string.Join(", ", file.Refused.Select(r => $"{r.Line} {r.Fault}")))
                .ShouldBe(row[1], row[0]);
            var booked = await town.Count("select count(*) from point_award") - before;
            booked.ShouldBe(file.Accepted == 0 || row[0].Contains("109", StringComparison.Ordinal) ? 0 : file.Accepted, row[0]);
        }
    }

    [Theory, BothEngines]
    public async Task Marks_and_line_ends_do_not_matter_and_another_encoding_is_said_with_its_line(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        var text = $"code,amount,receipt\r\n{await counter.NumberOf(aoi)},1100,領収書一\r\ntotal,1100,1\r\n";

        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var other = await Take(counter, Encoding.GetEncoding("shift_jis").GetBytes(text));
        (other.Accepted, other.Refused.Single()).ShouldBe((0, new PointFileRefusal(2, PointFileFault.NotUtf8)));
        (await Take(counter, [])).Refused.Single().ShouldBe(new PointFileRefusal(1, PointFileFault.Empty));
        (await Take(counter, Encoding.Unicode.GetBytes(text))).Accepted.ShouldBe(0);
        (await town.Count("select count(*) from point_award")).ShouldBe(0);

        (await Take(counter, [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)])).Accepted.ShouldBe(1);
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 10");
    }

    [Theory, BothEngines]
    public async Task Fed_twice_it_is_one_file_and_with_one_line_changed_nothing_of_it_is_booked(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        var file = await Lines(counter, aoi, "a 1100", "b 1100", "c 1100");
        await counter.Award(await counter.NumberOf(aoi), 1_100, "c");

        var first = await Take(counter, file);
        var again = await Take(counter, file);
        var changed = await Take(counter, await Lines(counter, aoi, "a 1100", "b 2200", "d 1100"));

        (first.Accepted, again.Id, again.Accepted).ShouldBe((3, first.Id, 3));
        changed.Accepted.ShouldBe(0);
        changed.Refused.Select(r => $"{r.Line} {r.Fault}").ShouldBe(["2 DuplicateReceipt", "3 DuplicateReceipt"], ignoreOrder: true);
        (await Take(counter, await Lines(counter, aoi, "d 1100", "c 2200"))).Refused.Single()
            .ShouldBe(new PointFileRefusal(3, PointFileFault.DuplicateReceipt));
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 30");
        (await town.Entries(EntryKind.PointAward)).ShouldBe(3);
    }

    [Theory, BothEngines]
    public async Task Lines_that_are_taken_and_bring_no_points_are_named_with_why(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        await counter.Award(await counter.NumberOf(aoi), 1_100, "taken-back");
        (await town.Get<CancelPoints>().Run(new CancelRequest(counter.Centre, counter.Till, "taken-back", []))).Accepted.ShouldBeTrue();
        var bytes = await Lines(counter, aoi, "a 1100", "small 109", "taken-back 1100", "b 1100");

        for (var time = 0; time < 2; time++)
        {
            var file = await Take(counter, bytes);
            (file.Accepted, file.Refused.Count).ShouldBe((4, 0));
            file.WithoutPoints.ShouldBe([new(3, PointFileFault.NoPoint), new(4, PointFileFault.Cancelled)]);
        }
        var totals = await town.Get<PointReceipts>().Totals(counter.Centre, town.Today);
        (totals.Awards, totals.AmountYen, totals.TakenBack).ShouldBe((3, 3_300.Yen(), 10.Points()));
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 20");
    }

    [Theory, BothEngines]
    public async Task Of_files_that_share_a_receipt_and_come_at_once_one_is_taken(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        for (var round = 0; round < 5; round++)
        {
            var files = new List<byte[]>();
            for (var i = 0; i < 10; i++)
                files.Add(await Lines(counter, aoi, $"shared{round} 1100", $"own{round}-{i / 2} 1100"));

            var said = await Task.WhenAll(files.Select(f => Task.Run(() => Take(counter, f))));

            said.Where(f => f.Accepted > 0).Select(f => f.Id).Distinct().Count().ShouldBe(1);
            said.Count(f => f.Accepted > 0).ShouldBe(2, "the same bytes twice");
        }
        (await town.Entries(EntryKind.PointAward)).ShouldBe(10);
    }

    [Theory, BothEngines]
    public async Task What_a_node_that_died_left_of_a_file_is_booked_and_nothing_twice(Engine engine)
    {
        await using var town = await Town.On(engine);
        var (aoi, counter) = (await town.Member("Aoi"), await Counter.In(town));
        var file = await Lines(counter, aoi, [.. Enumerable.Range(0, 300).Select(i => $"r{i} 1100")]);
        using var dies = new CancellationTokenSource();
        var taking = town.Get<TakePointFile>().Run(counter.Centre, counter.Till, file, dies.Token);
        while (!taking.IsCompleted && await town.Count("select count(*) from point_award") == 0)
            await Task.Yield();
        await dies.CancelAsync();
        await taking.ContinueWith(_ => { }, TaskScheduler.Default);

        await town.Get<BookPointFiles>().Run();
        await town.Get<BookPointFiles>().Run();

        (await town.Entries(EntryKind.PointAward)).ShouldBe(300);
        (await town.Holds(aoi)).ShouldBe("money 0, prepaid 0, points 3000");
        (await Take(counter, file)).Accepted.ShouldBe(300);
        (await town.Count("select count(*) from point_file where content is not null")).ShouldBe(0);
    }

    [Theory, BothEngines]
    public async Task A_hundred_thousand_lines_are_booked_each_once(Engine engine)
    {
        await using var town = await Town.On(engine);
        var counter = await Counter.In(town);
        var lines = Environment.GetEnvironmentVariable("ENSEN_TEST_LONG") is { Length: > 0 } ? 100_000 : 5_000;
        var numbers = new List<string>();
        for (var i = 0; i < 50; i++)
            numbers.Add(await counter.NumberOf(await town.Member($"Member {i}")));
        var text = new StringBuilder("code,amount,receipt\n");
        for (var i = 0; i < lines; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{numbers[i % 50]},1100,r{i}\n");
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"total,{lines * 1_100L},{lines}\n");
        var file = Encoding.UTF8.GetBytes(text.ToString());

        var began = System.Diagnostics.Stopwatch.StartNew();
        (await Take(counter, file)).Accepted.ShouldBe(lines);
        TestContext.Current.SendDiagnosticMessage($"{engine}: {lines} lines in {began.Elapsed.TotalSeconds:0.0} s");

        (await town.Entries(EntryKind.PointAward)).ShouldBe(lines);
        (await town.Balance(Chart.Operator, AccountType.PointLiability)).ShouldBe(-10L * lines);
    }

    static Task<PointFile> Take(Counter counter, byte[] bytes) => counter.Town.Get<TakePointFile>().Run(counter.Centre, counter.Till, bytes);

    /// <summary>A file of these awards ("receipt amount") with its header and its total.</summary>
    static async Task<byte[]> Lines(Counter counter, Resident who, params string[] awards)
    {
        var number = await counter.NumberOf(who);
        var parts = awards.Select(a => a.Split(' ')).ToList();
        var sum = parts.Sum(p => long.Parse(p[1], System.Globalization.CultureInfo.InvariantCulture));
        return Encoding.UTF8.GetBytes(string.Join('\n',
            ["code,amount,receipt", .. parts.Select(p => $"{number},{p[1]},{p[0]}"), $"total,{sum},{awards.Length}", ""]));
    }
}
