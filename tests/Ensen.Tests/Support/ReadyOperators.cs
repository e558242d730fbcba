using Ensen.Basics;
using Ensen.Sandbox;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Tests.Support;

/// <summary>Operators of a database that a test does not compose itself: a web app's, or one that commands work on.</summary>
static class ReadyOperators
{
    /// <summary>Makes those that are not there yet, each another person who may do everything; they sign in by their names.</summary>
    public static async Task Make(string address, params string[] names)
    {
        await using var db = Database.Open(address, SandboxModule.Catalogue);
        var (operators, log) = (new Operators(db), new OperatorLog(db, TimeProvider.System));
        var create = new CreateOperator(db, new InviteOperator(db, operators, log, TimeProvider.System));
        foreach (var name in names)
            (await create.Run(new CreateOperatorRequest(name, name, RoleNames.All))).Refusal
                .ShouldBeOneOf(InviteOperatorRefusal.None, InviteOperatorRefusal.NameTaken);
    }
}
