using Ensen.Storage;

[assembly: AssemblyFixture(typeof(Ensen.Browser.Support.OnSqlite))]
[assembly: AssemblyFixture(typeof(Ensen.Browser.Support.OnPostgres))]

namespace Ensen.Browser.Support;

/// <summary>
/// One running app on each engine for all tests that make members and stores of their own; a class that moves the clock or changes moods
/// has one for itself (<c>IClassFixture</c>). A class of tests is written once and has a child for each engine, so no story is told on one
/// alone.
/// </summary>
public abstract class RunningApp(Engine engine) : IAsyncLifetime
{
    public Engine Engine => engine;

    public WebApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await WebApp.Start(engine);

    public async ValueTask DisposeAsync()
    {
        if (App is not null)
            await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class OnSqlite() : RunningApp(Engine.Sqlite);

public sealed class OnPostgres() : RunningApp(Engine.Postgres);
