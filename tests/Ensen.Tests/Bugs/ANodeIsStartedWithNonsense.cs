using System.Net;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Web;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A setting that is no number ended in a stack trace, one without sense (no writer, a wait below zero) in a node that did not work, a
/// misspelt one in nothing.
/// </summary>
public class ANodeIsStartedWithNonsense
{
    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once_and_nothing_is_made()
    {
        await using var empty = await TestDatabase.CreateEmpty(Engine.Sqlite);
        string[] wrong = ["--urls=localhost:x", "--Ensen:Sandbox=yes", "--Ensen:Writers=0", "--Ensen:ListsWaitMs=soon",
            "--Ensen:PaymentsWaitMs=-1", "--Ensen:LeaveMs=10001", "--Ensen:Writter=3"];

        foreach (var command in (string[])["migrate", "--environment=Production"])
        {
            var (exitCode, output, error) = await WebApp.Command([command, "--database", empty.Address, .. wrong]);

            exitCode.ShouldBe(2, output + error);
            error.ShouldNotContain("   at ");
            error.TrimEnd().Split('\n').Length.ShouldBe(wrong.Length, error);
            foreach (var setting in wrong)
                error.ShouldContain(setting.TrimStart('-').Split('=')[0]);
        }
        (await empty.Database.CompareSchema(TestContext.Current.CancellationToken)).IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, Engine.Sqlite)]
    [InlineData(0, Engine.Postgres)]
    [InlineData(1, Engine.Postgres)]
    public async Task A_node_works_with_all_settings_at_one_of_their_ends(int end, Engine engine)
    {
        string[] settings = [
            .. new[] { NodeSettings.All.Single(s => s.Name == "Ensen:Writers"), NodeSettings.LeaveMs, NodeSettings.ListsWaitMs,
            NodeSettings.PaymentsWaitMs }
            .Select(s => $"--{s.Name}={s.Allowed.Ends[end]}")];
        await using var app = await WebApp.Start(engine, settings);

        using var answer = await app.Http.GetAsync("/welcome", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        if (end == 0)
            (await app.Stop()).ShouldBe(0);
    }
}
