namespace Actors.Host.Content;

/// <summary>
/// What a write phase puts into its files, as a function of nothing but the scenario. Producers write it and the
/// verifier compares against it, each generating it by itself.
/// </summary>
internal abstract class FileContent
{
    /// <summary>Lines or blocks of a file.</summary>
    public abstract long Units { get; }

    /// <summary>What a unit is called, in the singular.</summary>
    public abstract string UnitName { get; }

    /// <summary>Bytes of the largest unit of any of the files.</summary>
    public abstract int LargestUnit(int files);

    /// <summary>Bytes of the whole file.</summary>
    public abstract long Length(int file);
}
