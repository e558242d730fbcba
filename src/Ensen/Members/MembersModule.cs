using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Members;

/// <summary>Who a member is: name, addresses, password.</summary>
public static class MembersModule
{
    public static Module Module { get; } = new("Members")
    {
        Declares =
        [
            Schema.Of(typeof(MembersModule)),
            IdPrefix.Of<MemberId>(ownersTable: "member"),
        ],
        Services = services => services
            .AddSingleton<MemberDirectory>()
            .AddSingleton<MemberProofs>()
            .AddSingleton<Register>()
            .AddSingleton<ConfirmMail>()
            .AddSingleton<Preferences>()
            .AddSingleton<MailBounces>(),
    };
}
