using Ensen.Storage;

namespace Ensen.Web.Commands;

/// <summary>
/// The product as a command has it that changes something: on a database of this program's schema, and by the database's clock.
/// </summary>
static class WorkingBooks
{
    /// <summary>
    /// Throws <see cref="NotAskedException"/> as <see cref="JudgedBooks.Open"/> does: no command makes a database by the way, or updates
    /// one.
    /// </summary>
    public static async Task<IServiceProvider> Open(Func<WebApplication> compose, string command)
    {
        var services = compose().Services;
        await (await JudgedBooks.Open(services.GetRequiredService<Settings>().Database, command)).DisposeAsync();
        var db = services.GetRequiredService<Database>();
        await services.GetRequiredService<DatabaseClock>().Load(db);
        await services.Clock(db);
        return services;
    }
}
