namespace Actors.Engine.Configuration;

/// <summary>A place in a HOCON file; lines and columns count from 1.</summary>
internal readonly record struct SourcePosition(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";

    public HoconException Error(string problem) => new(File, Line, Column, problem);
}
