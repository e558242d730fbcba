using System.CommandLine;
using Ensen.Storage;

namespace Ensen.Web.Commands;

/// <summary><c>migrate</c>: a server does the same when it starts.</summary>
static class MigrateCommand
{
    public static Command From(Func<WebApplication> compose)
    {
        var command = new Command(
            "migrate",
            "Brings the database's schema up to date with this program, as a server does when it starts. There is no way back: back it up first.");
        command.SetAction(async (_, ct) =>
        {
            await compose().Services.GetRequiredService<Database>().Migrate(ct);
            Console.WriteLine("The database is up to date.");
        });
        return command;
    }
}
