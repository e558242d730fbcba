using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Staff;

/// <summary>Who works for the programme: persons, their accounts and roles, what needs two of them, and the log of what they do.</summary>
public static class StaffModule
{
    public static Module Module { get; } = new("Staff")
    {
        Declares =
        [
            Schema.Of(typeof(StaffModule)),
            PersonalTable.Left("operator_log", "who worked for the programme and did what, kept to hold them to account"),
            IdPrefix.Of<PersonId>(),
            IdPrefix.Of<OperatorId>(),
        ],
        Services = services => services
            .AddSingleton<Operators>()
            .AddSingleton<OperatorLog>()
            .AddSingleton<InviteOperator>()
            .AddSingleton<ApproveInvitation>()
            .AddSingleton<JoinStaff>()
            .AddSingleton<DismissOperator>()
            .AddSingleton<OperatorSignIn>(),
    };
}
