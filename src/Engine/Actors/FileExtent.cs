namespace Actors.Engine.Actors;

/// <summary>How long a file is, as far as the engine knows: what it found, plus what it wrote.</summary>
internal sealed class FileExtent
{
    public long Length;
}
