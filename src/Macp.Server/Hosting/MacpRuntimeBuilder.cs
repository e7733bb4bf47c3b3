using Macp.Modes;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server;

/// <summary>A runtime that is being added to an application.</summary>
public sealed class MacpRuntimeBuilder
{
    readonly ModeCatalog _modes;

    internal MacpRuntimeBuilder(IServiceCollection services, ModeCatalog modes) => (Services, _modes) = (services, modes);

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Hosts a mode. Several versions of one may be hosted at once.</summary>
    /// <typeparam name="TMode">The mode.</typeparam>
    /// <exception cref="InvalidOperationException">This version of it is there already.</exception>
    public MacpRuntimeBuilder AddMode<TMode>()
        where TMode : IMode
    {
        _modes.Add<TMode>();
        return this;
    }

    /// <summary>Hosts the modes of a catalog.</summary>
    /// <param name="modes">The modes.</param>
    /// <exception cref="InvalidOperationException">One of them is there already in the same version.</exception>
    public MacpRuntimeBuilder AddModes(ModeCatalog modes)
    {
        foreach (var mode in modes.All) _modes.Add(mode);
        return this;
    }
}
