using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Sandbox;

/// <summary>What the outside world of the sandbox remembers; nothing of the business reads it.</summary>
public static class SandboxModule
{
    public static Module Module { get; } = new("Sandbox")
    {
        Declares =
        [
            Schema.Of(typeof(SandboxModule)),
            PersonalTable.Left("sandbox_mail", "the pretended mailboxes of the outside"),
            PersonalTable.Left("sandbox_exchange", "what the pretended outside was asked"),
            PersonalTable.Left("sandbox_request", "what the pretended outside was asked"),
        ],
    };

    /// <summary>The product with its sandbox.</summary>
    public static Catalogue Catalogue { get; } = Product.Catalogue.With(Module);
}
