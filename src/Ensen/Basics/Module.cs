using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Basics;

/// <summary>
/// What a module can declare: an entry kind, an account type, a check, a job, a setting, its schema. Its name is unique among its sort.
/// </summary>
public interface IDeclared
{
    string Name { get; }
}

/// <summary>A declared thing that the books keep as a number. A number is never changed and never given to another thing.</summary>
public interface INumbered : IDeclared
{
    short Number { get; }
}

/// <summary>
/// A part of the product, and all that the product knows of that part beforehand. A module's file (<c>WalletModule.cs</c>) is its table
/// of contents; the <see cref="Catalogue"/> made of the modules is the only list of what is in the product.
/// </summary>
/// <param name="name">The module's folder.</param>
public sealed class Module(string name)
{
    public string Name { get; } = name;

    public IReadOnlyList<IDeclared> Declares { get; init; } = [];

    /// <summary>Registers the module's features; each is one object a node.</summary>
    public Action<IServiceCollection> Services { get; init; } = _ => { };
}
