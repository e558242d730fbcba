using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Sandbox;

/// <summary>What the outside world of the sandbox remembers; nothing of the business reads it.</summary>
public static class SandboxModule
{
    const string Outside = "the outside world's own memory, which no programme can erase; the sandbox pretends it";

    public static Module Module { get; } = new("Sandbox")
    {
        Declares =
        [
            Schema.Of(typeof(SandboxModule)),
            PersonalTable.NotExported("sandbox_mail", "the pretended mailboxes of the outside").Kept(Outside),
            PersonalTable.NotExported("sandbox_exchange", "what the pretended outside was asked").Kept(Outside),
            PersonalTable.NotExported("sandbox_point_card", "the pretended issuers' own cards").Kept(Outside),
            PersonalTable.NotExported("sandbox_reward", "what the pretended partner issued, by the order").Kept(Outside),
            PersonalTable.NotExported("sandbox_request", "what the pretended outside was asked").Kept(Outside),
        ],
    };

    /// <summary>The product with its sandbox.</summary>
    public static Catalogue Catalogue { get; } = Product.Catalogue.With(Module);
}
