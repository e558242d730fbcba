using Ensen.Browser.Support;

namespace Ensen.Browser;

/// <summary>One running app for the tests of the member's pages; each test makes members and stores of its own.</summary>
public sealed class MemberApp : IAsyncLifetime
{
    public WebApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await WebApp.Start();

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
