using Ensen.Access;

namespace Ensen.Tests.Access;

public class HashLineTests
{
    [Fact]
    public async Task No_more_are_hashed_at_once_than_may_be()
    {
        var line = new HashLine(atOnce: 2, mostWaiting: 100);
        int running = 0, most = 0;
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => line.Run($"source {i % 3}", first: false, () =>
        {
            lock (line)
                most = Math.Max(most, ++running);
            Thread.SpinWait(200_000);
            lock (line)
                running--;
            return "done";
        }, CancellationToken.None)));

        most.ShouldBeInRange(1, 2);
    }

    [Fact]
    public async Task Sources_take_turns_and_a_known_device_goes_first()
    {
        var (line, done, open) = (new HashLine(atOnce: 1, mostWaiting: 100), new List<string>(), new TaskCompletionSource());
        var all = new List<Task> { Add("busy", known: false, "first", open.Task) };
        all.AddRange(Enumerable.Range(1, 5).Select(i => Add("flood", false, $"flood {i}")));
        all.Add(Add("aoi", false, "aoi"));
        all.Add(Add("ren", false, "ren"));
        all.Add(Add("phone", true, "phone"));

        open.SetResult();
        await Task.WhenAll(all);

        done.ShouldBe(["first", "phone", "flood 1", "aoi", "ren", "flood 2", "flood 3", "flood 4", "flood 5"]);

        Task Add(string source, bool known, string name, Task? until = null) => line.Run(source, known, () =>
        {
            until?.Wait();
            done.Add(name);
            return name;
        }, CancellationToken.None);
    }

    [Fact]
    public async Task Where_too_many_wait_the_one_who_has_most_of_them_gives_way()
    {
        var (line, open) = (new HashLine(atOnce: 1, mostWaiting: 3), new TaskCompletionSource());
        var first = line.Run("busy", false, () => { open.Task.Wait(); return "first"; }, CancellationToken.None);
        var flood = Enumerable.Range(0, 10).Select(i => line.Run("flood", false, () => "flood", CancellationToken.None)).ToList();
        var aoi = line.Run("aoi", false, () => "aoi", CancellationToken.None);

        open.SetResult();

        (await first).ShouldBe("first");
        (await aoi).ShouldBe("aoi");
        (await Task.WhenAll(flood)).Count(f => f is not null).ShouldBe(2);
    }

    [Fact]
    public async Task Who_leaves_the_line_takes_no_turn()
    {
        var (line, open) = (new HashLine(atOnce: 1, mostWaiting: 10), new TaskCompletionSource());
        var first = line.Run("busy", false, () => { open.Task.Wait(); return "first"; }, CancellationToken.None);
        using var leave = new CancellationTokenSource();
        var ran = false;
        var left = line.Run("aoi", false, () => { ran = true; return "aoi"; }, leave.Token);

        await leave.CancelAsync();
        open.SetResult();

        await Should.ThrowAsync<OperationCanceledException>(left);
        (await first).ShouldBe("first");
        (await line.Run("ren", false, () => "ren", CancellationToken.None)).ShouldBe("ren");
        ran.ShouldBeFalse();
    }

    [Fact]
    public async Task What_hashes_gives_way_and_what_pays_does_not()
    {
        if (!OperatingSystem.IsLinux())
            return;
        static int Nice() => int.Parse(File.ReadAllText("/proc/thread-self/stat").Split(')')[1].Split(' ')[17], null);

        (await new HashLine().Run<object>("aoi", false, () => Nice(), CancellationToken.None)).ShouldBe(10);
        (await Task.Run(Nice)).ShouldBeLessThan(10);
    }

    [Fact]
    public async Task Secrets_are_hashed_and_compared_as_without_it()
    {
        var line = new HashLine();
        var hash = (await line.Make("Loop-line-09", "aoi")).ShouldNotBeNull();

        (await line.Verify(hash, "Loop-line-09", "aoi", known: false)).ShouldBe(PasswordVerdict.Right);
        (await line.Verify(hash, "Loop-line-10", "aoi", known: true)).ShouldBe(PasswordVerdict.Wrong);
        (await line.Verify(null, "Loop-line-09", "aoi", known: false)).ShouldBe(PasswordVerdict.Wrong);
    }
}
