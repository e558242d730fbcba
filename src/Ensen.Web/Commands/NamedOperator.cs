using System.CommandLine;
using Ensen.Basics;
using Ensen.Staff;

namespace Ensen.Web.Commands;

/// <summary>
/// <c>--by</c>: in whose name a command acts. The account has to be there and to have the role; that its person is the one who types
/// nobody has proven, and the log says so (<see cref="ActedThrough.Command"/>).
/// </summary>
static class NamedOperator
{
    public static Option<string> Option() => new("--by")
    {
        HelpName = "OPERATOR",
        Required = true,
        Description = "in whose name: an operator's sign-in name, or opr_…; 'operator' lists them",
    };

    /// <summary>The account of that name or number; one that is none acts for nobody, and is refused as who may not.</summary>
    public static async Task<ActingOperator> Find(IServiceProvider services, string by, CancellationToken ct) => new(
        Id.TryParse(by, out OperatorId id) ? id
            : (await services.GetRequiredService<Operators>().FindByName(by, ct))?.Id ?? default,
        ActedThrough.Command);

    public static string MayNot(OperatorRoles role) =>
        $"There is no operator of that name who signs in and has the role {RoleNames.Of(role)}; 'operator' lists them.";
}
