using Ensen.Storage;

namespace Ensen.Tests.Support;

/// <summary>The real web app starts on an empty database, and again on the same one after it was killed.</summary>
public class WebAppTests
{
    [Theory, BothEngines]
    public async Task It_starts_is_killed_and_starts_again_on_the_same_database(Engine engine)
    {
        await using var database = await TestDatabase.CreateEmpty(engine);
        await using var first = await WebApp.Start(database.Address);
        (await first.Http.GetAsync("/health/ready")).IsSuccessStatusCode.ShouldBeTrue();

        await first.Kill();
        await Should.ThrowAsync<HttpRequestException>(() => first.Http.GetAsync("/health/ready"));

        await using var second = await WebApp.Start(first.DatabaseAddress);
        (await second.Http.GetAsync("/health/ready")).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task A_start_that_fails_says_why()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => WebApp.Start("oracle:nowhere"));

        failure.Message.ShouldContain("sqlite:PATH or postgres:CONNECTION");
    }
}
